// Visual Studio Code's own code for settings (as npm has it), driven by lines. The first argument is the folder of its sources,
// the second a file with what extensions declare in their package.json. Each line of standard input is an object:
//   {"text", "key", "value"}  the text as the editor writes it when this setting is changed; no value removes it
//   {"text", "file"}          what the editor takes from a file that is `user`, `profile`, `remote` or `workspace`
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [sources, declared] = process.argv.slice(2);
const load = (name) => import(`${pathToFileURL(sources)}/${name}.js`);
const { Registry } = await load("platform/registry/common/platform");
const { ConfigurationScope, Extensions } = await load("platform/configuration/common/configurationRegistry");
const { ConfigurationModelParser } = await load("platform/configuration/common/configurationModels");
const { applyEdits, setProperty } = await load("base/common/jsonEdit");
const scopes = await load("workbench/services/configuration/common/configuration");

const places = {
  user: undefined,
  profile: scopes.PROFILE_SCOPES,
  remote: scopes.REMOTE_MACHINE_SCOPES,
  workspace: scopes.WORKSPACE_SCOPES,
};
const keys = [];
for (const { extension, properties } of JSON.parse(readFileSync(declared, "utf8"))) {
  const known = Object.entries(properties).map(([key, { type, default: value, scope }]) => {
    keys.push(key);
    return [key, { type, default: value, scope: ConfigurationScope[(scope ?? "window").toUpperCase()] }];
  });
  Registry.as(Extensions.Configuration).registerConfiguration({ id: extension, type: "object", properties: Object.fromEntries(known) });
}
const defaults = Registry.as(Extensions.Configuration).getConfigurationProperties();

function write({ text, key, value }) {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return { text: applyEdits(text, setProperty(text, [key], value, { tabSize: 4, insertSpaces: true, eol })) };
}

function read({ text, file }) {
  const fail = (message) => { throw new Error(message); };
  const quiet = () => {};
  const parser = new ConfigurationModelParser(file, { error: fail, warn: quiet, info: quiet, debug: quiet, trace: quiet });
  parser.parse(text, { scopes: places[file] });
  const own = Object.fromEntries(keys.map((key) => [key, parser.configurationModel.getValue(key) ?? null]));
  const value = Object.fromEntries(keys.map((key) => [key, own[key] ?? defaults[key].default]));
  return { own, value, errors: parser.errors.length };
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  console.log(JSON.stringify("file" in order ? read(order) : write(order)));
}
