/* A worker: counts until SHA-256("nonce:count") begins with so many zero bits. SHA-256 is written out here, because
   crypto.subtle is missing where the county's net has no https, and because one short block a time is faster so. */
const K = new Uint32Array(64), H = new Uint32Array(8), W = new Uint32Array(64);
(() => { /* first 32 bits of the fractional parts of cube and square roots of the first primes (FIPS 180-4) */
  const frac = (x) => ((x - Math.floor(x)) * 4294967296) >>> 0;
  let n = 0;
  for (let p = 2; n < 64; p++) { let prime = true; for (let q = 2; q * q <= p; q++) if (p % q === 0) { prime = false; break; } if (!prime) continue; if (n < 8) H[n] = frac(Math.sqrt(p)); K[n++] = frac(Math.cbrt(p)); }
})();
function first(text, bits) { /* whether the digest of one block (text under 56 characters) begins with `bits` zero bits, bits ≤ 32 */
  W.fill(0, 0, 16);
  for (let i = 0; i < text.length; i++) W[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  W[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3)); W[15] = text.length * 8;
  for (let i = 16; i < 64; i++) { const x = W[i - 15], y = W[i - 2]; W[i] = (W[i - 16] + W[i - 7] + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0; }
  let [a, b, c, e2, e, f, g, h] = H;
  for (let i = 0; i < 64; i++) {
    const t1 = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const t2 = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (e2 + t1) | 0; e2 = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  return ((a + H[0]) >>> 0) >>> (32 - bits) === 0;
}
onmessage = ({ data: { nonce, bits } }) => { let n = 0; while (!first(`${nonce}:${n}`, bits)) n++; postMessage(String(n)); };
