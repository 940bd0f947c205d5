// Looks over somebody's shoulder: everything that a browser complains of, unless the flow said that it would.

/** The rules of WCAG 2.2 AA, and what axe itself recommends. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export class Watch {
  #heard = [];
  #expected = [];
  #axe;

  /** Begins before the first page is open. */
  static async over(context, axe) {
    const watch = new Watch();
    watch.#axe = axe;
    await context.exposeBinding("tellOfViolation", (_, text) => watch.#hear(`policy: ${text}`));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, documentURI }) =>
        window.tellOfViolation(`${effectiveDirective} blocked ${blockedURI} on ${documentURI}`),
      );
    });
    context.on("console", (message) => {
      // What became of requests is heard below, with more about it.
      const isOfRequest = message.text().startsWith("Failed to load resource: ");
      if (["error", "warning"].includes(message.type()) && !isOfRequest) {
        watch.#hear(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => watch.#hear(`script: ${error.error()}`));
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // The browser itself gave up: somebody went on to another page, or the page became a download.
      if (why !== "net::ERR_ABORTED") watch.#hear(`failed: ${request.method()} ${request.url()} ${why}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400) {
        watch.#hear(`answered: ${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`);
      }
    });
    return watch;
  }

  #hear(complaint) {
    this.#heard.push(complaint);
  }

  /** Announces a complaint that has to come, once. */
  expect(complaint) {
    this.#expected.push(complaint);
  }

  /** What was heard and not announced, and what was announced and not heard. */
  complaints() {
    const missing = [...this.#expected];
    const left = this.#heard.filter((heard) => {
      const index = missing.indexOf(heard);
      if (index >= 0) missing.splice(index, 1);
      return index < 0;
    });
    return [...left, ...missing.map((one) => `expected in vain: ${one}`)];
  }

  /** Forgets what was heard and announced. */
  forgive() {
    [this.#heard, this.#expected] = [[], []];
  }

  /** Whether everybody can use this page, as far as a program can tell. */
  async examine(step, page) {
    await page.evaluate(this.#axe);
    const options = { runOnly: { type: "tag", values: RULES }, resultTypes: ["violations"] };
    const { violations } = await page.evaluate((given) => globalThis.axe.run(given), options);
    for (const { id, help, nodes } of violations) {
      for (const { html, failureSummary } of nodes) this.#hear(`axe on ${step}: ${id}: ${help}\n  ${html}\n  ${failureSummary}`);
    }
  }
}
