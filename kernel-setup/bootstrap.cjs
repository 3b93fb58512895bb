"use strict";
// Runs before anything is installed, on any Node: checks Node, installs the npm packages, builds the TypeScript and
// hands over to dist/<command>.js. Old Nodes must be able to parse it, hence `var`.
var childProcess = require("child_process");
var crypto = require("crypto");
var fs = require("fs");
var path = require("path");

var root = path.join(__dirname, "..");
var dist = path.join(__dirname, "dist");
var command = process.argv[2] || "setup";
var doctor = command === "doctor";
var stamp = path.join(dist, ".sources");

function read(file) {
  try {
    return fs.readFileSync(path.join(root, file), "utf8");
  } catch (_missing) {
    return "";
  }
}

/** Ends with what happened, why and what to do; the doctor answers in its own form, as JSON where asked. */
function fail(what, why, remedy) {
  if (doctor && process.argv.indexOf("--json") > 0) {
    var report = { node: process.version, python: null, tensorflow: null, binding: null, backend: null };
    console.log(
      JSON.stringify(Object.assign(report, { device: null, gpu: null, kernel: null, data: null, ok: false })),
    );
  } else {
    console.error("✗ " + what + "\n  why: " + why + "\n  do:  " + remedy);
  }
  if (command === "test") console.log("0 passed, 1 failed");
  process.exit(1);
}

function nodeFits() {
  var parts = process.version.slice(1).split(".").map(Number);
  return parts[0] > 22 || (parts[0] === 22 && parts[1] >= 12) || (parts[0] === 20 && parts[1] >= 19);
}

/** npm writes node_modules/.package-lock.json last, so an interrupted installation has none. */
function packagesFit() {
  var installed = JSON.parse(read("node_modules/.package-lock.json") || '{"packages":{}}').packages;
  var wanted = JSON.parse(read("package-lock.json")).packages;
  return Object.keys(wanted).every(function (name) {
    var there = installed[name];
    if (name === "" || (!there && wanted[name].optional)) return true;
    return there && there.version === wanted[name].version && there.integrity === wanted[name].integrity;
  });
}

function sources(folder) {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).reduce(function (files, entry) {
    var name = folder + "/" + entry.name;
    return files.concat(entry.isDirectory() ? sources(name) : name);
  }, []);
}

function sourcesHash() {
  var hash = crypto.createHash("sha256");
  var files = ["package-lock.json", "tsconfig.json", "lib/tsconfig.json", "kernel-setup/tsconfig.json"];
  files.concat(sources("lib/src"), sources("kernel-setup/src")).forEach(function (file) {
    hash.update(file + "\0" + read(file) + "\0");
  });
  return hash.digest("hex");
}

function step(title, file, args) {
  var began = Date.now();
  process.stderr.write("  " + title + " … ");
  var result = childProcess.spawnSync(file, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  result.text = (result.stdout || "") + (result.stderr || "") + (result.error ? result.error.message : "");
  var seconds = ((Date.now() - began) / 1000).toFixed(1) + " s";
  process.stderr.write(result.status === 0 ? seconds + "\n" : "failed after " + seconds + "\n");
  return result;
}

/** The reason behind an installer's or compiler's output and what to do, where it is one that learners meet. */
function causeOf(text) {
  if (/ENOSPC/.test(text)) return ["the disk is full", "free 1 GB, then run the same command again"];
  if (/EROFS|EACCES|EPERM/.test(text)) {
    return ["this folder cannot be written", "clone the course into a folder of yours, or make this one writable"];
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|network/.test(text)) {
    var remedy = "connect to the network (behind a proxy: `npm config set proxy`), then run the same command again";
    return ["the npm registry cannot be reached", remedy];
  }
}

function installPackages() {
  var npm = process.env.npm_execpath;
  var result = npm
    ? step("npm packages", process.execPath, [npm, "ci", "--no-progress"])
    : step("npm packages", "npm", ["ci", "--no-progress"]);
  if (result.status === 0 && packagesFit()) return;
  var line = result.text.match(/npm (?:error|ERR!) (?!code|A complete log).*/) || [result.text.trim().slice(-200)];
  var cause = causeOf(result.text) || [line[0] || "npm ended early", "run `npm ci` and read its last lines"];
  fail("the npm packages could not be installed", cause[0], cause[1]);
}

function build(hash) {
  var result = step("TypeScript", process.execPath, ["node_modules/typescript/bin/tsc", "--build"]);
  try {
    if (result.status === 0) return fs.writeFileSync(stamp, hash);
  } catch (error) {
    result.text += error.message;
  }
  var errors = result.text.match(/^\S.*error TS.*$/gm) || [result.text.trim().split("\n").pop()];
  var why = errors[0].slice(0, 300) + (errors.length > 1 ? " (and " + (errors.length - 1) + " more)" : "");
  var cause = causeOf(result.text);
  if (cause) fail("the TypeScript could not be built", cause[0], cause[1]);
  // The compiler emits in spite of type errors: what only reads or tests goes on, the set-up does not.
  if (command === "setup" || !fs.existsSync(path.join(dist, command + ".js"))) {
    fail("the TypeScript does not build", why, "mend it (`npm run check` shows everything)");
  }
  console.error("  the TypeScript has errors: " + why);
}

if (!nodeFits()) {
  fail("Node " + process.version + " does not fit", "the course needs Node 20.19, 22.12 or newer", "install Node 24");
}
if (!packagesFit()) {
  if (doctor) fail("npm packages: missing or not those of package-lock.json", "not set up yet", "run `npm run setup`");
  installPackages();
}
var hash = sourcesHash();
var built = read("kernel-setup/dist/.sources") === hash;
if (!built || !fs.existsSync(path.join(root, "lib/dist/index.js"))) build(hash);
process.argv.splice(1, 2, path.join(dist, command + ".js"));
require(process.argv[1]);
