// The published JSON Schema against files that Avow wrote, by an independent validator,
// which takes seconds to install where the one for Rust takes minutes to build.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';

const file = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(file('docs/avow.schema.json'));
const golden = (name) => file(`tests/golden/${name}.avow.json`);

test('files that Avow wrote keep to the schema', () => {
  for (const name of ['invented', 'empty']) {
    assert.ok(validate(golden(name)), `${name}: ${JSON.stringify(validate.errors, null, 2)}`);
  }
});

const WRONG = {
  '/format': 'brat',
  '/version': 2,
  '/offset_unit': 'inch',
  '/project/id': null,
  '/project/created': 'yesterday',
  '/scheme/labels/0/color': 'ultraviolet',
  '/scheme/attributes/0/kind': 'smell',
  '/speakers/0/aliases': 'Reyes',
  '/groups/0/members/0': 'q1',
  '/articles/0/sha256': '0000',
  '/articles/0/text': null,
  '/articles/0/sets/0/status': 'asleep',
  '/articles/0/sets/0/annotator': null,
  '/articles/0/sets/0/annotations/0/spans': [],
  '/articles/0/sets/0/annotations/0/spans/0/start': -1,
  '/articles/0/sets/0/annotations/0/origin': { by: 'rule' },
  '/articles/0/gold': [],
  '/relations/0/from': null,
  '/relations/0/to': { speaker: 'jo' },
  '/deleted/0/kind': 'smell',
  '/deleted/0/at': 'yesterday',
};

for (const [pointer, wrong] of Object.entries(WRONG)) {
  test(`the schema refuses a wrong ${pointer}`, () => {
    const changed = golden('invented');
    const path = pointer.slice(1).split('/');
    const last = path.pop();
    const parent = path.reduce((value, key) => value[key], changed);
    assert.ok(last in parent, 'the golden file has it');
    parent[last] = wrong;
    assert.equal(validate(changed), false);
  });
}
