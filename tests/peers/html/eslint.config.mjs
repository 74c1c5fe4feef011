// What the script of the report is held to. It runs from the folder that its packages are installed in.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/package.json`);
const js = require("@eslint/js");

const names = ["document", "location", "addEventListener", "Event", "Intl"];

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "script",
      globals: Object.fromEntries(names.map((name) => [name, "readonly"])),
    },
    rules: {
      complexity: ["error", 10],
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-lines-per-function": ["error", { max: 30, IIFEs: false }],
      "max-params": ["error", 4],
      "no-console": "error",
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-param-reassign": "error",
      "no-shadow": "error",
      "no-var": "error",
      "prefer-const": "error",
      strict: ["error", "global"],
    },
  },
];
