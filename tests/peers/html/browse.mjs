// Opens a report in Chromium as a person would, and says what does not work: one line a failure, exit code 1 if there are any.
//
//   node browse.mjs FILE ACCOUNTS [quick]
//
// FILE is an absolute path, ACCOUNTS how many accounts the report has; `quick` only looks at it once. CHROMIUM in the environment is the browser.
// It runs from the folder that its packages are installed in.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/package.json`);
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const [file, wanted, quick] = process.argv.slice(2);
const address = pathToFileURL(file).href;
const accounts = Number(wanted);
const failures = [];

function check(holds, what, found = "") {
  if (!holds) failures.push(`${what}${found === "" ? "" : `: ${found}`}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
});

/** Opens the report in a window of its own, runs `visit`, and holds the page to silence: no request, no error, no violation. */
async function open(name, options, visit, hash = "") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const problems = [];
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== address) problems.push(`asked for ${request.url().slice(0, 200)}`);
  });
  page.on("console", (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`a dialog of the browser: ${dialog.message()}`);
    dialog.dismiss();
  });
  if (options.javaScriptEnabled !== false) {
    await page.addInitScript(() => {
      globalThis.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
  }
  page.setDefaultTimeout(15000);
  await page.goto(address + hash, { waitUntil: "load" });
  try {
    await visit(page);
  } catch (error) {
    failures.push(`${name}: ${error.message.split("\n")[0]}`);
  }
  if (options.javaScriptEnabled !== false) {
    problems.push(...(await page.evaluate(() => globalThis.violations)).map((it) => `violation: ${it}`));
    const touched = await page.evaluate(() => ("pwned" in globalThis ? "a name was run as a script" : ""));
    if (touched) problems.push(touched);
  }
  for (const problem of problems) failures.push(`${name}: ${problem}`);
  await context.close();
}

/** Accessibility: no serious and no critical finding. */
async function judge(page, name) {
  await page.evaluate(axe.source);
  const results = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of results.violations) {
    if (violation.impact !== "serious" && violation.impact !== "critical") continue;
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" "));
    failures.push(`axe, ${name}: ${violation.impact} ${violation.id} at ${where.join(", ")}`);
  }
}

const shownRows = (page) => page.locator("#viewport tbody tr[data-place]");
const focused = (page, what) => page.evaluate((selector) => document.activeElement?.matches(selector), what);

async function filtering(page) {
  const rows = shownRows(page);
  check((await page.locator("#found").textContent()).startsWith("All "), "at first all accounts are shown");
  check((await rows.count()) > 0, "the table has rows");
  check((await rows.count()) < 150, "only rows that can be seen exist", await rows.count());
  const counted = await page.locator("#viewport table").getAttribute("aria-rowcount");
  check(counted === String(accounts + 1), "the table says how many rows it has", counted);
  const id = await rows.last().locator("code").first().textContent();
  await page.locator("#find").fill(id);
  check((await rows.count()) === 1, "an account is found by its id", await rows.count());
  check((await rows.first().textContent()).includes(id), "and it is that one");
  await page.locator("#find").fill("no such account at all");
  check((await rows.count()) === 0, "nothing is found where there is nothing");
  await page.getByRole("button", { name: "Clear" }).click();
  await page.waitForFunction(() => document.querySelector("#found").textContent.startsWith("All "));
  await page.locator("#by-verdict").selectOption("opted-in");
  for (const word of await rows.locator("td.what").allTextContents()) {
    check(word.includes("Opted in"), "filtered by verdict, only those are shown", word);
  }
  await page.locator("#by-verdict").selectOption("");
  await page.locator("#show").selectOption("locks");
  const label = await rows.first().locator("td").last().getAttribute("aria-label");
  check(/locked|lock unknown/.test(label), "locks are shown in words", label);
  await page.locator("#show").selectOption("verdicts");
  await page.locator("#differing").check();
  const narrow = await page.locator("#viewport thead th").count();
  await page.locator("#differing").uncheck();
  check((await page.locator("#viewport thead th").count()) > narrow, "services that do not differ can be hidden");
}

async function scrolling(page) {
  const viewport = page.locator("#viewport");
  await viewport.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await page.waitForFunction((last) => document.querySelector(`tr[data-place="${last}"]`), accounts - 1);
  check((await shownRows(page).count()) < 150, "after scrolling, too, only rows that can be seen exist");
}

async function folding(page) {
  const visible = () => page.locator("#tree [role=treeitem]:visible").count();
  await page.getByRole("button", { name: "Unfold all", exact: true }).click();
  const unfolded = await visible();
  await page.getByRole("button", { name: "Fold all", exact: true }).click();
  check((await visible()) < unfolded || unfolded === 1, "the tree folds");
  await page.getByRole("button", { name: "Unfold all", exact: true }).click();
  check((await visible()) === unfolded, "the tree unfolds again");
}

async function deriving(page) {
  await shownRows(page).first().locator("td").nth(4).click();
  const dialog = page.locator("dialog[open]");
  check(await dialog.isVisible(), "a row opens its account");
  const text = await dialog.textContent();
  check(text.includes("From the root to the account"), "the account shows its way from the root");
  check(text.includes("The effective policy says") || text.includes("Left out"), "the account shows its derivation");
  await judge(page, "one account");
  await page.getByRole("button", { name: "Close" }).click();
  check((await dialog.count()) === 0, "the account closes");
}

/** Everything with the keyboard, from the top of the page on. */
async function keyboard(page) {
  await page.keyboard.press("Tab");
  check(await focused(page, "a.skip"), "the first stop is the skip link");
  await page.keyboard.press("Enter");
  check(await focused(page, "#main"), "the skip link leads to the answer");
  await tabTo(page, "[role=treeitem]");
  const root = page.locator("#tree [role=treeitem]").first();
  await page.keyboard.press("ArrowLeft");
  check((await root.getAttribute("aria-expanded")) === "false", "the left arrow folds");
  await page.keyboard.press("ArrowRight");
  check((await root.getAttribute("aria-expanded")) === "true", "the right arrow unfolds");
  await page.keyboard.press("ArrowDown");
  check(await focused(page, "#tree [role=group] [role=treeitem]"), "the down arrow moves into the tree");
  await page.keyboard.press("Home");
  await tabTo(page, "#find");
  await page.keyboard.type("2");
  await tabTo(page, "#viewport tbody td, #viewport tbody th");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  check(await focused(page, "#viewport tbody td"), "arrow keys move through the table");
  await page.keyboard.press("Enter");
  check(await page.locator("dialog[open]").isVisible(), "Enter opens the account");
  await page.keyboard.press("Escape");
  check((await page.locator("dialog[open]").count()) === 0, "Escape closes it");
  check(await focused(page, "#viewport tbody td"), "the focus is back in the table");
  await page.keyboard.press("Control+End");
  check(await focused(page, "#viewport tbody td"), "the last row can be reached with the keyboard");
}

async function tabTo(page, selector) {
  for (let presses = 0; presses < 400; presses += 1) {
    if (await focused(page, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not reach ${selector}`);
}

async function withoutScript(page) {
  check((await page.locator("h1").textContent()).length > 10, "without a script, the answer is there");
  check(await page.locator("#findings").isVisible(), "without a script, the findings are there");
  check(!(await page.locator("#matrix").isVisible()), "without a script, what needs one is not shown");
  const rows = page.locator(".plain-accounts tbody tr");
  check((await rows.count()) === Math.min(accounts, 1000), "without a script, accounts are listed", await rows.count());
  check(await rows.first().isVisible(), "without a script, the list of accounts can be seen");
  const hidden = await page.locator("#tree li:not(:visible)").count();
  check(hidden === 0, "without a script, nothing of the tree is folded", hidden);
}

async function onPaper(page) {
  await page.getByRole("button", { name: "Fold all", exact: true }).click();
  await page.emulateMedia({ media: "print" });
  check((await page.locator("#tree li:not(:visible)").count()) === 0, "on paper the tree is unfolded");
  check(await page.locator(".plain-accounts").isVisible(), "on paper the accounts are listed");
  check(!(await page.locator("nav.contents").isVisible()), "on paper there is no navigation");
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  check(pdf.length > 20000, "it prints", pdf.length);
}

async function narrow(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  check(width <= 320, "nothing is cut at 320 pixels", width);
}

async function everything() {
  let id = "";
  await open("light", { colorScheme: "light" }, async (page) => {
    id = (await shownRows(page).first().locator("code").first().textContent()) ?? "";
    await judge(page, "light");
    await filtering(page);
    await folding(page);
    await deriving(page);
    await scrolling(page);
  });
  await open("dark", { colorScheme: "dark" }, (page) => judge(page, "dark"));
  await open("keyboard", {}, keyboard);
  await open("without a script", { javaScriptEnabled: false }, withoutScript);
  await open("on paper", {}, onPaper);
  await open("narrow", { viewport: { width: 320, height: 640 } }, async (page) => {
    await narrow(page);
    await judge(page, "narrow");
  });
  const arrived = async (page) => check(await page.locator("dialog[open]").isVisible(), "an address opens its account");
  await open("address", {}, arrived, `#account-${id}`);
}

if (quick) await open("quick", {}, (page) => judge(page, "quick"));
else await everything();
await browser.close();

for (const failure of failures) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
