// Copies what browsers load from node_modules to static/vendor (git-ignored; run by `npm ci`).
// Source maps stay behind, so the lines that name them go too: hashed static files refuse a missing map.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const target = "static/vendor";
const scripts = ["chart.js/dist/chart.umd.min.js", "htmx.org/dist/htmx.min.js"];
const fonts = ["latin", "latin-ext"].map(
  (subset) => `@fontsource-variable/public-sans/files/public-sans-${subset}-wght-normal.woff2`,
);

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const path of scripts) {
  const source = readFileSync(join("node_modules", path), "utf8");
  writeFileSync(join(target, basename(path)), source.replace(/\/\/# sourceMappingURL=.*\s*$/, ""));
}
for (const path of fonts) cpSync(join("node_modules", path), join(target, basename(path)));
cpSync("node_modules/@fontsource-variable/public-sans/LICENSE", join(target, "public-sans-LICENSE.txt"));
