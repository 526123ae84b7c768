import { html } from 'hono/html';
import type { ApiDocument, OperationShape, SchemaShape } from './shape.ts';

type Html = ReturnType<typeof html>;

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

const link = (ref: string): Html => html`<a href="#${nameOf(ref)}"><code>${nameOf(ref)}</code></a>`;

/** A schema in a few words. */
const typeOf = (schema: SchemaShape): Html => {
  if (schema.$ref !== undefined) return link(schema.$ref);
  if (schema.anyOf !== undefined)
    return html`${schema.anyOf.map((one, at) => html`${at > 0 ? ' or ' : ''}${typeOf(one)}`)}`;
  if (schema.enum !== undefined) return html`<code>${schema.enum.map(String).join(' | ')}</code>`;
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`;
  return html`${[schema.type ?? 'anything'].flat().join(' or ')}`;
};

const fields = (schema: SchemaShape): Html => {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return html`<p>${typeOf(schema)}</p>`;
  const rows = properties.map(
    ([name, field]) => html`<tr>
<th scope="row"><code>${name}</code>${schema.required?.includes(name) ? '' : ' (optional)'}</th>
<td>${typeOf(field)}</td>
<td>${field.description ?? ''}</td>
</tr>`,
  );
  return html`<table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows}</tbody></table>`;
};

const component = ([name, schema]: [string, SchemaShape]): Html => html`<section id="${name}">
<h3>${name}</h3>
<p>${schema.description ?? ''}</p>
${fields(schema)}
${(schema.examples ?? []).slice(0, 1).map((example) => html`<pre>${JSON.stringify(example, null, 2)}</pre>`)}
</section>`;

const parameters = ({ parameters: all }: OperationShape): Html =>
  all.length === 0
    ? html``
    : html`<table><thead><tr><th>Parameter</th><th>Where</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${all.map(
        (one) => html`<tr>
<th scope="row"><code>${one.name}</code>${one.required ? '' : ' (optional)'}</th>
<td>${one.in}</td>
<td>${typeOf(one.schema)}</td>
<td>${one.description ?? ''}</td>
</tr>`,
      )}</tbody></table>`;

type Content = OperationShape['responses'][string]['content'];

const content = (by: Content): Html =>
  html`${Object.entries(by ?? {}).map(
    ([type, { schema, example }]) =>
      html` <code>${type}</code> ${schema.$ref === undefined ? (schema.description ?? '') : link(schema.$ref)}${
        example === undefined ? '' : html`<pre>${String(example)}</pre>`
      }`,
  )}`;

const operation = (
  path: string,
  method: string,
  given: OperationShape,
): Html => html`<section id="${given.operationId ?? `${method}-${path}`}">
<h3><code>${method.toUpperCase()} ${path}</code></h3>
<p><strong>${given.summary ?? ''}</strong></p>
<p>${given.description ?? ''}</p>
${parameters(given)}
${given.requestBody === undefined ? '' : html`<p>Body:${content(given.requestBody.content)}</p>`}
<dl>${Object.entries(given.responses).map(
  ([status, answer]) => html`<dt>${status}</dt><dd>${answer.description}${content(answer.content)}</dd>`,
)}</dl>
</section>`;

const operationsOf = (document: ApiDocument, tag: string): readonly Html[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, given]) =>
      given.tags.includes(tag) ? [operation(path, method, given)] : [],
    ),
  );

/** The reference as one page without a script: everything is text that a browser can search. */
export const referencePage = (document: ApiDocument): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title} API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<header>
<h1>${document.info.title} API ${document.info.version}</h1>
<p>${document.info.description ?? ''}</p>
<p><a href="/api/v1/openapi.json">openapi.json</a></p>
<nav>${document.tags.map(({ name }) => html`<a href="#${name}">${name}</a> `)}<a href="#schemas">schemas</a></nav>
</header>
<main>
${document.tags.map(
  ({ name, description }) => html`<h2 id="${name}">${name}</h2>
<p>${description ?? ''}</p>
${operationsOf(document, name)}`,
)}
<h2 id="schemas">schemas</h2>
${Object.entries(document.components.schemas).map(component)}
</main>
</body>
</html>`;

export const REFERENCE_STYLE = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
nav a { margin-right: 1rem; }
h2 { border-bottom: 1px solid; margin-top: 3rem; }
section { margin: 2rem 0; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid color-mix(in srgb, currentcolor 30%, transparent); padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
pre { overflow-x: auto; padding: 0.5rem; background: color-mix(in srgb, currentcolor 8%, transparent); }
dt { font-weight: bold; }
:target { outline: 2px solid; outline-offset: 0.5rem; }
`;
