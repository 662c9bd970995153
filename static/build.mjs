// Bundles each `<folder>/main.js` (with the CSS it imports) into `vendor/<folder>-<hash>.{js,css}`, writes a gzipped
// twin beside each and `vendor/manifest.json`, which maps `<folder>.js` to the hashed name. b24app/assets.py serves them.
import { build } from "esbuild";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "vendor");
const KEEP_OLD_MS = 600_000;
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
  write: false,
});

mkdirSync(vendor, { recursive: true });
const manifest = {};
const wanted = new Set(["manifest.json"]);
for (const { path, contents } of result.outputFiles) {
  const file = basename(path);
  const packed = gzipSync(contents, { level: 9 });
  writeFileSync(join(vendor, file), contents);
  writeFileSync(join(vendor, `${file}.gz`), packed);
  wanted.add(file).add(`${file}.gz`);
  manifest[file.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = file;
  console.log(`${file}: ${contents.length} bytes, ${packed.length} gzipped`);
}
// Written last and moved into place, so that a running web process never reads half a manifest or a name without its file.
const fresh = join(vendor, `manifest.${process.pid}.new`);
writeFileSync(fresh, JSON.stringify(manifest, null, 1));
renameSync(fresh, join(vendor, "manifest.json"));
// Pages opened a moment ago still ask for the files of the build before.
for (const file of readdirSync(vendor)) {
  const path = join(vendor, file);
  if (!wanted.has(file) && Date.now() - statSync(path).mtimeMs > KEEP_OLD_MS) rmSync(path, { force: true });
}
