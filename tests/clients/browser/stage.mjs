// A stage for one flow: Chromium, a conversation with the test in JSON lines, and people who use pages in one of three
// ways. The only argument of a script is JSON: {tools, chromium, urls, way, scheme, shots}.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { handsOf } from "./hands.mjs";
import { Watch } from "./watch.mjs";

/** How long a person waits for anything, in milliseconds: the machine may be busy. */
const PATIENCE = 20_000;
/** A flow that takes longer hangs. */
const LONGEST = 180_000;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const WAYS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  keyboard: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true },
};

const { tools, chromium: executablePath, urls, way, scheme, shots } = JSON.parse(process.argv[2]);
const require = createRequire(`${tools}/package.json`);
let pictures = 0;
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Tells the test something. */
export function tell(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Asks the test for what only it can know or do; waits for the answer. */
export async function ask(need) {
  tell({ need });
  const { value } = await answers.next();
  return JSON.parse(value);
}

/** Fails the flow unless two values are the same. */
export function same(actual, expected, what) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

/** Somebody with a browser of their own: nothing is shared with others but the machine. */
class Person {
  constructor(page, watch) {
    this.page = page;
    this.watch = watch;
    this.hands = handsOf(way, page);
  }

  /** The only visible element with this role and name. */
  the(role, name, options = {}) {
    return this.page.getByRole(role, { name, exact: true, ...options });
  }

  press(target) {
    return this.hands.press(target);
  }

  write(field, text) {
    return this.hands.write(field, text);
  }

  /** Waits until a text is to be seen. */
  sees(text) {
    return this.page.getByText(text).first().waitFor();
  }

  /** Waits until the address is this one, or fits. */
  isAt(url) {
    return this.page.waitForURL(url);
  }

  /** A picture of the whole page, which must not be wider than the window. */
  async shoot(step) {
    await this.page.evaluate(() => document.fonts.ready.then(() => true));
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) throw new Error(`${step}: the page is ${wide} pixels wider than the window`);
    pictures += 1;
    const name = `${String(pictures).padStart(2, "0")}-${step}-${WAYS[way].viewport.width}`;
    await this.page.screenshot({ path: `${shots}/${name}.png`, fullPage: true, animations: "disabled" });
    tell({ step });
  }

  /** The same for one of the main pages, which everybody must be able to use. */
  async examine(step) {
    await this.shoot(step);
    await this.watch.examine(step, this.page);
  }
}

/** Runs a flow to its end; every complaint of a page fails it. */
export async function perform(flow) {
  setTimeout(() => fail(new Error("the flow takes too long")), LONGEST).unref();
  const profile = mkdtempSync(join(tmpdir(), "browser-"));
  const browser = await require("playwright-core").chromium.launch({
    executablePath,
    args: FLAGS,
    env: { ...process.env, HOME: profile },
  });
  const people = [];
  const enter = async () => {
    const context = await browser.newContext({ ...WAYS[way], colorScheme: scheme, reducedMotion: "reduce", locale: "en-GB" });
    context.setDefaultTimeout(PATIENCE);
    const watch = await Watch.over(context, require("axe-core").source);
    const person = new Person(await context.newPage(), watch);
    people.push(person);
    return person;
  };
  try {
    await flow({ enter, urls, way });
    const complaints = people.flatMap(({ watch }) => watch.complaints());
    if (complaints.length > 0) throw new Error(`the pages complain:\n${complaints.join("\n")}`);
    tell({ done: true });
  } catch (error) {
    await remember(people);
    fail(error, people.flatMap(({ watch }) => watch.complaints()));
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
    process.exit();
  }
}

/** What everybody saw when it went wrong. */
async function remember(people) {
  for (const [index, { page }] of people.entries()) {
    await page.screenshot({ path: `${shots}/failed-${index}.png` }).catch(() => {});
    tell({ step: "failed", at: page.url() });
  }
}

function fail(error, complaints = []) {
  tell({ failed: error.stack ?? String(error), complaints });
  process.exitCode = 1;
  if (error.message === "the flow takes too long") process.exit();
}
