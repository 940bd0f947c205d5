// Numbers, times and names as people read them.

import { h } from "./dom.js";

export function time(millis) {
  const date = new Date(millis);
  const text = date.toLocaleTimeString("en-GB", { hour12: false });
  return h("time", { datetime: date.toISOString(), title: date.toLocaleString() }, text);
}

export function day(millis) {
  const date = new Date(millis);
  return h("time", { datetime: date.toISOString() }, date.toISOString().slice(0, 16).replace("T", " "));
}

export function duration(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`;
}

export function bytes(count) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  let value = count;
  while (value >= 1000 && at < units.length - 1) { value /= 1000; at += 1; }
  return `${at === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[at]}`;
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** `AWS::Lambda::Function` as `Lambda Function`. */
export function kind(type) {
  return type.replace(/^AWS::/, "").replace("::", " ").replace("ApiGatewayV2", "API Gateway")
    .replace("ApiGateway", "API Gateway").replace("SecretsManager", "Secrets Manager");
}

export function service(type) {
  const name = type.split("::")[1] ?? "";
  return { ApiGatewayV2: "ApiGateway", Logs: "CloudWatch" }[name] ?? name;
}

/** A status with the class that colours it. */
export function status(code) {
  const group = code >= 500 ? "bad" : code >= 400 ? "warn" : code >= 300 ? "dim" : "good";
  return h("span", { class: `status ${group}` }, String(code));
}

/** A link to a resource by its id `stack/Logical`. */
export function resource(id, text) {
  if (!id) return null;
  return h("a", { href: `#/resources/${id.split("/").map(encodeURIComponent).join("/")}` }, text ?? id);
}

/** An attribute of DynamoDB as plain JSON. */
export function plain(attribute) {
  const [type, value] = Object.entries(attribute ?? {})[0] ?? ["NULL", true];
  switch (type) {
    case "N": return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case "M": return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
    case "L": return value.map(plain);
    case "NULL": return null;
    case "B": return `${value.length} characters of Base64`;
    default: return value;
  }
}

export function text(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}
