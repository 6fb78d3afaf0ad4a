// Stands for npm in the guides' tests: installs from this checkout instead of a registry, and leaves everything else to npm itself.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(new URL("../../node_modules", import.meta.url));
const [command = "", ...rest] = process.argv.slice(2);
const installing = ["install", "i", "add"].includes(command);

function unpack(tarball: string): void {
  const temporary = join("node_modules", ".unpacked");
  mkdirSync(temporary, { recursive: true });
  const ran = spawnSync("tar", ["xzf", resolve(tarball), "-C", temporary, "--strip-components=1"], {
    stdio: "inherit",
  });
  if (ran.status !== 0) throw new Error(`${tarball} is no package`);
  const { name } = JSON.parse(readFileSync(join(temporary, "package.json"), "utf8")) as { name: string };
  renameSync(temporary, join("node_modules", name));
}

function link(name: string): void {
  const [from, to] = [join(own, name), join("node_modules", name)];
  if (!existsSync(from)) throw new Error(`${name} is not among this checkout's packages: a test cannot install it`);
  mkdirSync(dirname(to), { recursive: true });
  if (!existsSync(to)) symlinkSync(from, to);
}

if (installing) {
  for (const wanted of rest.filter((word) => !word.startsWith("-")))
    if (wanted.endsWith(".tgz")) unpack(wanted);
    else link(wanted.replace(/(?<=.)@.*$/, ""));
} else {
  const env = { ...process.env, PATH: process.env["PATH_WITHOUT_GUIDE"] };
  const ran = spawnSync("npm", process.argv.slice(2), { stdio: "inherit", env });
  process.exitCode = ran.status ?? 1;
}
