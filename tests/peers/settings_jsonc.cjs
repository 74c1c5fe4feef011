// Reads settings files before and after a fix as Visual Studio Code does (jsonc-parser), and compares all they say.
// The file named first has one JSON object a line: before, after, key, value. Ends with 1 and says why.
"use strict";

const { readFileSync } = require("node:fs");
const { isDeepStrictEqual } = require("node:util");
const { createScanner, parse, printParseErrorCode, SyntaxKind } = require("jsonc-parser");

const withoutMark = (text) => text.replace(/^\u{feff}/u, "");

function read(text, what) {
  const errors = [];
  const value = parse(withoutMark(text), errors, { allowEmptyContent: true, allowTrailingComma: true });
  if (errors.length > 0) throw new Error(`${what}: ${printParseErrorCode(errors[0].error)} at ${errors[0].offset}: ${text}`);
  return value ?? {};
}

function comments(text) {
  const plain = withoutMark(text);
  const scanner = createScanner(plain, false);
  const found = [];
  // Not `getTokenValue`: of a block comment it begins one character early.
  const token = () => plain.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
  for (let kind = scanner.scan(); kind !== SyntaxKind.EOF; kind = scanner.scan()) {
    if (kind === SyntaxKind.LineCommentTrivia || kind === SyntaxKind.BlockCommentTrivia) found.push(token());
  }
  return found;
}

function check({ before, after, key, value }) {
  const expected = read(before, "before");
  const found = read(after, "after");
  expected[key] = value;
  if (!isDeepStrictEqual(found, expected)) throw new Error(`it says something else:\n${before}\n${after}`);
  const order = Object.keys(read(before, "before"));
  const kept = Object.keys(found).filter((name) => order.includes(name));
  if (!isDeepStrictEqual(kept, order)) throw new Error(`the order changed:\n${before}\n${after}`);
  if (!isDeepStrictEqual(comments(after), comments(before))) throw new Error(`a comment changed:\n${before}\n${after}`);
}

try {
  const lines = readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
  lines.forEach((line) => check(JSON.parse(line)));
  console.log(lines.length);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
