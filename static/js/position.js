// One position, once, when the person asks for it (beyond.md: no tracking). Fills the three hidden fields of the duty form.
const button = document.querySelector("[data-position]");
const said = document.querySelector("[data-position-said]");

function put(name, value) {
  document.querySelector(`[name="${name}"]`).value = value;
}

button?.addEventListener("click", () => {
  if (!navigator.geolocation) {
    said.textContent = "这台设备不能定位。";
    return;
  }
  said.textContent = "正在定位…";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      put("latitude", coords.latitude.toFixed(5));
      put("longitude", coords.longitude.toFixed(5));
      put("accuracy", Math.round(coords.accuracy));
      said.textContent = `已取得位置，误差约 ${Math.round(coords.accuracy)} 米，保存后记录。`;
    },
    () => {
      said.textContent = "没有取得位置，可以不记录位置直接保存。";
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 },
  );
});
