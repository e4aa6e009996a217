import { delimiter, dirname, join } from "node:path";

/**
 * The environment as it was before npm added to it: without its variables, and without the directories it put in
 * front of PATH. What a person starts with `npm start` sees what they would see without npm.
 * @param {Record<string, string | undefined>} env
 * @param {string} root the checkout
 * @returns {Record<string, string | undefined>}
 */
export function withoutNpm(env, root) {
  if (env.npm_lifecycle_event === undefined) return env;
  const kept = Object.entries(env).filter(([name]) => !/^npm_/i.test(name) && !["INIT_CWD", "NODE", "COLOR"].includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, /^path$/i.test(name) ? shortened(value ?? "", root) : value]));
}

/**
 * @param {string} path
 * @param {string} root
 */
function shortened(path, root) {
  const added = new Set();
  for (let at = root; ; at = dirname(at)) {
    added.add(join(at, "node_modules", ".bin"));
    if (dirname(at) === at) break;
  }
  const entries = path.split(delimiter);
  const first = entries.findIndex((entry) => !added.has(entry) && !/[\\/]node-gyp-bin$/.test(entry));
  return entries.slice(Math.max(first, 0)).join(delimiter);
}
