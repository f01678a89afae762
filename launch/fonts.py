"""A fontconfig of our own: WeasyPrint and Chromium find the fonts of two PyPI packages without anything installed on the system.

A site that owns 仿宋_GB2312, 楷体_GB2312 and 方正小标宋 puts the files into var/fonts/; the papers name those faces first.
"""

from pathlib import Path

from launch.servers import package_folder

TEMPLATE = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  {folders}
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="same"><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="same"><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>
"""


def write_fonts_conf(folder: Path) -> Path:
    """Returns the path for FONTCONFIG_FILE."""
    own = folder / "fonts"
    own.mkdir(parents=True, exist_ok=True)
    packaged = [package_folder(name) for name in ("pylopdf_fonts_zh_cn", "pylopdf_fonts_cjk")]
    folders = "\n  ".join(f"<dir>{path}</dir>" for path in (own, *packaged) if path)
    conf = folder / "fonts.conf"
    wanted = TEMPLATE.format(folders=folders, cache=folder / "fontcache")
    if not conf.exists() or conf.read_text(encoding="utf-8") != wanted:
        conf.write_text(wanted, encoding="utf-8")
    return conf
