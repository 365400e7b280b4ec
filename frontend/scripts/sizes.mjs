// Fails the build when what a first visit must load outgrows its budget.
import { readFileSync, statSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url).pathname;
const html = readFileSync(`${dist}index.html`, 'utf8');
const all = (pattern) => [...html.matchAll(pattern)].map((match) => match[1]);
const gz = (paths) => paths.reduce((sum, path) => sum + statSync(`${dist}${path}.gz`).size, 0) / 1000;

const js = gz([...all(/<script[^>]+src="\/([^"]+)"/g), ...all(/<link rel="modulepreload"[^>]+href="\/([^"]+)"/g)]);
const css = gz(all(/<link rel="stylesheet"[^>]+href="\/([^"]+)"/g));

console.log(`initial JS ${js.toFixed(1)} kB gz (budget 170), initial CSS ${css.toFixed(1)} kB gz (budget 25)`);
if (js > 170 || css > 25) process.exit(1);
