import { expect, test } from 'vitest';
import { taskGround } from './ground.ts';

const MAKEFILE = `
D ?= dist
X := $(shell cat list)
all:
\techo all
clean:
\trm -rf $(D)
show:
\techo $(V)
`;

const JUSTFILE = `
import 'more.just'
set shell := ["bash", "-c"]
out := "dist"
alias c := clean

all:
    echo all

clean dir=out:
    @rm -rf {{dir}}

both: all && bad

bad:
    -git reset --hard

shebang:
    #!/usr/bin/env bash
    git reset --hard

python:
    #!/usr/bin/env python3
    import shutil; shutil.rmtree("src")
`;

const TASKFILE = `
version: '3'
vars: {OUT: dist}
tasks:
  default: echo all
  clean:
    cmds: ['rm -rf {{.OUT}}']
  list: [echo a, {task: bad}]
  bad:
    aliases: [b]
    cmd: git reset --hard
  needs:
    deps: [bad]
  args:
    cmds: ['git reset {{.CLI_ARGS}}']
  inner:
    dir: sub
    cmds: [rm -rf kept]
`;

const ground = () =>
  taskGround({
    Makefile: MAKEFILE,
    'other.mk': 'all:\n\tgit reset --hard\n',
    'taken/Makefile': 'include x.mk\n',
    'taken/x.mk': 'all:\n\tgit reset --hard\n',
    'reads/Makefile': 'A := $(shell git reset --hard)\nall:\n\techo\n',
    'ran/Makefile': 'A != git reset --hard\nall:\n\techo\n',
    'either/Makefile': 'ifdef A\nall:\n\tgit reset --hard\nelse\nall:\n\techo\nendif\n',
    'bash/Makefile': 'SHELL := /bin/bash\n.SHELLFLAGS := -eu -o pipefail -c\nall:\n\tgit reset --hard\n',
    justfile: JUSTFILE,
    'more.just': 'taken:\n    git reset --hard\n',
    'other.just': 'all:\n    git reset --hard\n',
    'Taskfile.yml': TASKFILE,
    'other.yml': 'tasks: {default: git reset --hard}',
    'src/a.ts': 'a',
    'sub/kept/a': 'a',
    list: 'l',
  });

const REFUSED: readonly string[] = [
  "make VAR='$(shell rm -rf ~)'",
  "make 'VAR=${shell rm -rf ~}' all",
  "make 'VAR=$(strip $(shell rm -rf ~))'",
  "make 'VAR!=rm -rf ~'",
  "make 'VAR=$(eval all:;rm x)'",
  "make 'VAR=$(file >~/.bashrc,x)'",
  'make SHELL=./x.sh',
  "make SHELL='rm -rf ~;'",
  'make SHELL=python3 all',
  'make .SHELLFLAGS=-x',
  "make --eval='all:;rm x'",
  "make -E 'all:;rm x'",
  'make -f other.mk',
  'make -fother.mk all',
  'make --makefile=other.mk',
  'make -f "$X" all',
  'make -C taken',
  'make -C reads other',
  'make -C reads all',
  'make -C ran',
  'make -C either',
  'make -C bash',
  'make clean D=src',
  'make -j clean D=src',
  'make -j 4 D=src clean',
  'make D=/ clean',
  'make D=~ clean',
  'just bad',
  'just both',
  'just taken',
  'just shebang',
  'just python',
  'just clean src',
  'just c src',
  'just out=src clean',
  'just --set out src clean',
  'just all bad',
  'just -f other.just',
  'just --justfile=other.just all',
  'cd src && just bad',
  'just --shell ./x.sh all',
  'just --command rm -rf src',
  'task bad',
  'task b',
  'task list',
  'task needs',
  'task clean OUT=src',
  'task args -- --hard',
  'task inner',
  'task -t other.yml',
  'task --taskfile=other.yml default',
];

test('what make, just and task run is judged by the text of the files that they read', async () => {
  const { run } = ground();
  for (const command of REFUSED)
    expect.soft([command, ['HIGH', 'CRITICAL'].includes((await run(command)).risk)]).toEqual([command, true]);
});

const ALLOWED: readonly string[] = [
  'make',
  'make all',
  'make -j8',
  'make -j 4 all',
  "make all V='$(D)/x'",
  'make all VERSION="$(git describe)"',
  'make SHELL=/bin/bash all',
  'make unknown',
  'make "$X"',
  'make -C nowhere all',
  'just',
  'just all',
  'just --list',
  'just unknown',
  'task',
  'task --list',
  'task unknown',
  'task args',
];

test('harmless and unknown targets are commands that are watched', async () => {
  const { run } = ground();
  for (const command of ALLOWED) {
    const { risk, decision } = await run(command);
    expect.soft([command, risk, decision]).toEqual([command, 'MEDIUM', 'allow']);
  }
});

test('what a worker made itself it may clean by a recipe, too', async () => {
  const { run, put } = ground();
  put('dist/x');
  for (const command of ['make clean', 'just clean', 'task clean'])
    expect.soft([command, (await run(command)).decision]).toEqual([command, 'allow']);
});
