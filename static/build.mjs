// Bundles each `<folder>/main.js` (with the CSS it imports) into `vendor/<folder>-<hash>.{js,css}`, writes a gzipped
// twin beside each and `vendor/manifest.json`, which maps `<folder>.js` to the hashed name. b24app/assets.py serves them.
import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "vendor");
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(here, entry.name, "main.js")))
  .map((entry) => entry.name);

const result = await build({
  absWorkingDir: here,
  entryPoints: Object.fromEntries(folders.map((name) => [name, `${name}/main.js`])),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  outdir: "vendor",
  entryNames: "[name]-[hash]",
  loader: { ".svg": "dataurl" },
  legalComments: "none",
  metafile: true,
});

const manifest = {};
const wanted = new Set(["manifest.json"]);
for (const path of Object.keys(result.metafile.outputs)) {
  const file = basename(path);
  const content = readFileSync(join(here, path));
  const packed = gzipSync(content, { level: 9 });
  writeFileSync(join(vendor, `${file}.gz`), packed);
  wanted.add(file).add(`${file}.gz`);
  manifest[file.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = file;
  console.log(`${file}: ${content.length} bytes, ${packed.length} gzipped`);
}
// Written last and moved into place, so that a running web process never reads half a manifest or a name without its file.
writeFileSync(join(vendor, "manifest.json.new"), JSON.stringify(manifest, null, 1));
renameSync(join(vendor, "manifest.json.new"), join(vendor, "manifest.json"));
for (const file of readdirSync(vendor)) {
  if (!wanted.has(file)) rmSync(join(vendor, file), { recursive: true });
}
