import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApiText, wholeDocument } from '../../../scripts/openapi.ts';
import { INPUTS, OUTPUTS } from '../../../src/presentation/rest/document/components.ts';
import { FIELD_WORDS } from '../../../src/presentation/rest/document/fieldWords.ts';
import { apiDocumentSchema, type SchemaShape } from '../../../src/presentation/rest/document/shape.ts';
import { ask } from '../http/support.ts';
import { validatorOf } from './documented.ts';
import { startRest } from './support.ts';

const FILE = new URL('../../../docs/openapi.json', import.meta.url);

describe('the OpenAPI document', () => {
  it('is the one in docs/openapi.json: node scripts/openapi.ts writes it', async () => {
    expect(await openApiText()).toBe(readFileSync(FILE, 'utf8'));
  });

  it('says of every field of every component what it is', async () => {
    const { components } = await wholeDocument();
    const bare = Object.entries(components.schemas).flatMap(([name, schema]) =>
      Object.entries(schema.properties ?? {}).flatMap(([field, { description }]) =>
        description === undefined || description === '' ? [`${name}.${field}`] : [],
      ),
    );
    expect(bare).toEqual([]);
  });

  it('has no words for fields that there are not', async () => {
    const used = new Set<string>();
    const collect = (schema: SchemaShape): void => {
      for (const [name, field] of Object.entries(schema.properties ?? {})) {
        used.add(name);
        collect(field);
      }
      if (schema.items !== undefined) collect(schema.items);
      for (const one of schema.anyOf ?? []) collect(one);
    };
    for (const schema of Object.values((await wholeDocument()).components.schemas)) collect(schema);
    expect(Object.keys(FIELD_WORDS).filter((name) => !used.has(name))).toEqual([]);
  });

  it('has an example of every component that its schema, and what it says of it, allow', async () => {
    const document = await wholeDocument();
    for (const [name, [schema]] of Object.entries({ ...INPUTS, ...OUTPUTS })) {
      const component = document.components.schemas[name] ?? {};
      expect(component.examples?.length, name).toBeGreaterThan(0);
      for (const example of component.examples ?? []) {
        expect(schema.safeParse(example).error, name).toBeUndefined();
        expect(validatorOf(document, component).safeParse(example).error, name).toBeUndefined();
      }
    }
  });

  it('gives every operation an id of its own, a summary, an answer, and the ways to show who one is', async () => {
    const document = await wholeDocument();
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(operations.length);
    expect(operations.every(({ summary }) => (summary ?? '').length > 5)).toBe(true);
    expect(document.security).toEqual([{ ApiKey: [] }, { Bearer: [] }, { Session: [] }]);
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(names.filter((name) => name === undefined || !(name in document.components.schemas))).toEqual([]);
  });

  it('is served, with a page that shows every operation and needs no script', async () => {
    const server = await startRest();
    const json = await ask(server, { path: '/api/v1/openapi.json' });
    const document = apiDocumentSchema.parse(JSON.parse(json.body));
    const page = await ask(server, { path: '/api/docs' });
    expect([json.status, page.status]).toEqual([200, 200]);
    for (const [path, methods] of Object.entries(document.paths))
      for (const method of Object.keys(methods))
        expect(page.body).toContain(`${method.toUpperCase()} ${path}`);
    for (const name of Object.keys(document.components.schemas)) expect(page.body).toContain(`id="${name}"`);
    expect(page.body).not.toMatch(/<script|<style| style=|https?:\/\/(?!127)|\son\w+=/i);
    const style = await ask(server, { path: '/api/docs.css' });
    expect(style.headers['content-type']).toContain('text/css');
  });
});
