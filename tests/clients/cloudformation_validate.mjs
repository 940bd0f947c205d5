// What Amazon's own offline validator says of templates, as one JSON list.
//
// Arguments: the templates' files. The package is looked for among the tools of this repository.
import { createRequire } from "node:module";

const tools = new URL("../../target/tools/node/package.json", import.meta.url);
const { RegoEngine, TemplateFile } = createRequire(tools)("@aws/cloudformation-validate");

const engine = new RegoEngine();
const findings = process.argv.slice(2).flatMap((file) =>
  engine.validateStandard(new TemplateFile(file)).diagnostics.map((finding) => ({ file, ...finding })),
);
engine.free();
console.log(JSON.stringify(findings));
