/**
 * Writes `src/generated/api.ts`: the types of the API, from `docs/openapi.json`, and the codes of its problems, from
 * `docs/errors.md`. With `--check` it writes nothing and fails if the file is not what it would write.
 */
import { readFileSync, writeFileSync } from "node:fs";

const docs = new URL("../../../docs/", import.meta.url);
const target = new URL("../src/generated/api.ts", import.meta.url);
/** The schemas that the package names. Those that they refer to come along. */
const ROOTS = [
  ..."Agent AgentChanged AgentPut BatchResult Call CallChanged CallStart CallsEnd CallsEnded ClientFrame GatePut Gate Lease LeaseReconciled".split(
    " ",
  ),
  ..."LeaseReconciled LeaseRenewed LimitChanged Org Pool Problem Reservation ReservationsChanged".split(
    " ",
  ),
  ..."ReservationsPreview ServerFrame TypeChanged TypePut TypeSettings EndReason".split(" "),
];
/** The whole file. */
export function generate() {
  const openapi = JSON.parse(readFileSync(new URL("openapi.json", docs), "utf8"));
  const errors = readFileSync(new URL("errors.md", docs), "utf8");
  const schemas = openapi.components.schemas;
  const names = reachable(schemas);
  return [
    "// Written by `npm run generate` from docs/openapi.json and docs/errors.md. Do not edit.\n",
    `/** The version of the server's API that this was made from. */\nexport const VERSION = "${openapi.info.version}";\n`,
    problemCodes(errors),
    ...names.map((name) => declaration(name, schemas[name] ?? {})),
  ].join("\n");
}
function problemCodes(errors) {
  const rows = [...errors.matchAll(/^## (\w+) · (\d{3})$/gm)].map(
    ([, code, status]) => `  ${code}: ${status},`,
  );
  return `/** Every code of a problem and its HTTP status. */\nexport const PROBLEMS = {\n${rows.join("\n")}\n} as const;

/** The code of a problem. */
export type ProblemCode = keyof typeof PROBLEMS;\n`;
}
/** The roots and all that they refer to, by name. */
function reachable(schemas) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    const refs = JSON.stringify(schemas[name]).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    for (const [, ref] of refs) visit(ref);
  };
  for (const root of ROOTS) {
    if (!schemas[root]) throw new Error(`docs/openapi.json has no schema ${root}`);
    visit(root);
  }
  return [...found].sort();
}
function declaration(name, schema) {
  const doc = comment(schema.description, "");
  return schema.properties && typeof schema.additionalProperties !== "object"
    ? `${doc}export interface ${name} ${object(schema, "")}\n`
    : `${doc}export type ${name} = ${typeOf(schema, "")};\n`;
}
function typeOf(schema, indent) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((it) => JSON.stringify(it)).join(" | ");
  if (schema.oneOf) return schema.oneOf.map((it) => typeOf(it, indent)).join(" | ");
  if (schema.allOf) return schema.allOf.map((it) => typeOf(it, indent)).join(" & ");
  const types = [schema.type ?? []].flat();
  return types.map((type) => simpleType(type, schema, indent)).join(" | ") || "unknown";
}
function simpleType(type, schema, indent) {
  switch (type) {
    case "integer":
      return "number";
    case "array": {
      const item = typeOf(schema.items ?? {}, indent);
      return item.includes(" | ") ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      return schema.properties ? object(schema, indent) : "{ [name: string]: unknown }";
    default:
      return type;
  }
}
/** An object; a field that may be left out may be given as `undefined` too. */
function object(schema, indent) {
  const inner = `${indent}  `;
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const type = typeOf(field, inner);
    const isRequired = schema.required?.includes(name);
    const doc = comment(field.description ?? field.oneOf?.[0]?.description, inner);
    return `${doc}${inner}${name}${isRequired ? "" : "?"}: ${type}${isRequired ? "" : " | undefined"};`;
  });
  // Further fields by name, such as the numbers of a problem, are read through a cast: their type must hold for all fields.
  return `{\n${fields.join("\n")}\n${indent}}`;
}
function comment(text, indent) {
  if (!text) return "";
  const lines = text.split("\n");
  if (lines.length === 1) return `${indent}/** ${text} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== generate()) {
    console.error("src/generated/api.ts is not what the documents say; run `npm run generate`");
    process.exitCode = 1;
  }
} else if (process.argv.includes("--write")) {
  writeFileSync(target, generate());
}
