// Checks state machines in the Amazon States Language: prints what asl-validator finds, and ends with 1 where there is anything.
//
// Usage: states.mjs NODE_MODULES FILE...

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const [modules, ...files] = process.argv.slice(2);
const validate = createRequire(`${modules}/`)("asl-validator");
let found = 0;
for (const file of files) {
  const { isValid, errors } = validate(JSON.parse(await readFile(file, "utf8")));
  if (!isValid) {
    console.log(`${file}: ${JSON.stringify(errors)}`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);
