#!/usr/bin/env bash
# Every check and test, the quick ones first; stops at the first that fails and says how long it took.
set -euo pipefail
mkdir -p build
started=$(date +%s)
bin=.venv/bin
# Dozens of processes start on the way: what is compiled once serves them all.
unset PYTHONDONTWRITEBYTECODE
$bin/ruff format --check --quiet .
$bin/ruff check --quiet .
$bin/mypy
$bin/lint-imports --no-cache >build/imports.txt 2>&1 || { cat build/imports.txt; exit 1; }
workers=$(( $(nproc) < 4 ? $(nproc) : 4 ))
# The tests of whole deployments mostly wait: one process walks through them beside the others.
$bin/python -m pytest -q --timeout 400 tests/functional >build/functional.txt 2>&1 &
deployments=$!
trap 'kill $deployments 2>/dev/null || true' EXIT
$bin/python -m pytest -q -n "$workers" --dist loadfile --durations 20 -m "not browser" --ignore tests/functional tests
wait $deployments || { cat build/functional.txt; exit 1; }
tail -n 1 build/functional.txt
trap - EXIT
# A browser waits more than it works, but several on a starved machine wait for each other.
$bin/python -m pytest -q -n $(( workers < 3 ? 3 : workers )) --timeout 400 --dist loadfile --no-loadscope-reorder --durations 20 -m browser tests
echo "All checks and tests took $(( $(date +%s) - started )) s."
