import { GLOB } from '../../domain/safety/markers.ts';
import { JUSTFILES } from './justfile.ts';
import { MAKEFILES } from './makefiles.ts';
import { PACKAGE_FILE } from './manifests.ts';
import { TASKFILES } from './taskfile.ts';
import { PNPM_FILE } from './workspaces.ts';

/** Also in the folders below, two deep: parts of one build. */
const below = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [name, `${GLOB}/${name}`, `${GLOB}/${GLOB}/${name}`]);

const endings = (name: string, ...all: readonly string[]): readonly string[] =>
  all.map((ending) => `${name}.${ending}`);

const COMPOSE = [
  ...['compose', 'docker-compose'].flatMap((name) =>
    endings(name, 'yaml', 'yml', 'override.yaml', 'override.yml'),
  ),
];
const PACKAGE = [PACKAGE_FILE, PNPM_FILE, '.npmrc', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', 'bunfig.toml'];
const PYTHON = ['pyproject.toml', 'setup.py', 'setup.cfg'];
const PYTEST = [...PYTHON, ...below('conftest.py'), 'pytest.ini', '.pytest.ini', 'tox.ini'];
const GRADLE = [
  ...below('build.gradle', 'build.gradle.kts'),
  ...['settings.gradle', 'settings.gradle.kts', 'gradle.properties', 'init.gradle', 'buildSrc'],
  ...['wrapper/gradle-wrapper.jar', 'wrapper/gradle-wrapper.properties', 'libs.versions.toml'].map(
    (name) => `gradle/${name}`,
  ),
];
const MAVEN = [
  ...below('pom.xml'),
  ...['maven.config', 'jvm.config', 'extensions.xml', 'settings.xml'].map((name) => `.mvn/${name}`),
  ...['maven-wrapper.jar', 'maven-wrapper.properties'].map((name) => `.mvn/wrapper/${name}`),
];
const CMAKE = [
  ...below('CMakeLists.txt'),
  ...['CMakePresets.json', 'CMakeUserPresets.json', 'CMakeCache.txt', 'build.ninja', 'cmake_install.cmake'],
  ...['CTestTestfile.cmake', 'CPackConfig.cmake', ...MAKEFILES],
];
const configured = (name: string): readonly string[] => [
  ...endings(`${name}.config`, 'js', 'cjs', 'mjs', 'ts', 'cts', 'mts', 'json'),
  ...endings(`.${name}rc`, 'js', 'cjs', 'mjs', 'ts', 'json', 'yml', 'yaml'),
  `.${name}rc`,
];

/** Programs that run what stands in files which their words need not name: which, by the names they look for. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'npm pnpm yarn bun npx pnpx bunx turbo nx lerna wireit': [
    ...PACKAGE,
    'turbo.json',
    'nx.json',
    'lerna.json',
  ],
  'make gmake': MAKEFILES,
  just: JUSTFILES,
  'task go-task': TASKFILES,
  'rake drake': [...endings('Rakefile', 'rb'), 'Rakefile', 'rakefile', 'rakefile.rb', `rakelib/${GLOB}.rake`],
  rails: ['bin/rails', 'Rakefile', 'config/application.rb', 'config/boot.rb'],
  'bundle bundler': ['Gemfile', 'gems.rb', '.bundle/config'],
  composer: ['composer.json'],
  'cargo cross': [
    ...below('Cargo.toml', 'build.rs'),
    '.cargo/config.toml',
    '.cargo/config',
    'rust-toolchain.toml',
  ],
  deno: ['deno.json', 'deno.jsonc', PACKAGE_FILE],
  'docker podman nerdctl buildx': [
    'Dockerfile',
    'Containerfile',
    'docker-bake.hcl',
    'docker-bake.json',
    ...COMPOSE,
  ],
  'docker-compose podman-compose': COMPOSE,
  'gradle gradlew': GRADLE,
  'mvn mvnw mvnd': MAVEN,
  ant: ['build.xml'],
  sbt: ['build.sbt', `project/${GLOB}.sbt`, `project/${GLOB}.scala`, 'project/build.properties'],
  lein: ['project.clj', 'profiles.clj'],
  tox: ['tox.ini', ...PYTHON],
  nox: ['noxfile.py'],
  'pip uv poetry pdm hatch flit build pipx pipenv rye': [...PYTHON, 'Pipfile', 'uv.toml', 'pdm_build.py'],
  'pytest py.test': PYTEST,
  'invoke inv': ['tasks.py', 'invoke.yaml'],
  fab: ['fabfile.py'],
  doit: ['dodo.py'],
  scons: ['SConstruct', 'Sconstruct', 'sconstruct', ...below('SConscript')],
  waf: ['wscript'],
  snakemake: ['Snakefile', 'workflow/Snakefile'],
  gulp: [
    ...endings('gulpfile', 'js', 'cjs', 'mjs', 'ts', 'babel.js', 'esm.js'),
    'Gulpfile.js',
    'gulpfile.js/index.js',
  ],
  grunt: endings('Gruntfile', 'js', 'cjs', 'coffee', 'ts'),
  jake: [...endings('Jakefile', 'js'), 'Jakefile'],
  'cmake ctest cpack': CMAKE,
  ninja: ['build.ninja'],
  meson: ['meson.build', 'meson_options.txt'],
  'bazel bazelisk': [
    'WORKSPACE',
    'WORKSPACE.bazel',
    'MODULE.bazel',
    '.bazelrc',
    ...below('BUILD', 'BUILD.bazel'),
  ],
  mix: ['mix.exs', 'config/config.exs'],
  swift: ['Package.swift'],
  dotnet: [...below(`${GLOB}.csproj`), `${GLOB}.sln`, 'Directory.Build.props', 'Directory.Build.targets'],
  fastlane: ['fastlane/Fastfile', 'Fastfile'],
  vagrant: ['Vagrantfile'],
  tilt: ['Tiltfile'],
  earthly: ['Earthfile'],
  'terraform tofu': [`${GLOB}.tf`, `${GLOB}.tfvars`],
  pulumi: endings('Pulumi', 'yaml', 'yml'),
  'serverless sls': endings('serverless', 'yml', 'yaml', 'ts', 'js', 'json'),
  'ansible-playbook ansible': ['ansible.cfg'],
  'pre-commit': ['.pre-commit-config.yaml'],
  lefthook: ['lefthook.yml', '.lefthook.yml'],
  ...Object.fromEntries(
    'vite vitest webpack rollup eslint jest babel tsup playwright cypress next nuxt astro svelte postcss prettier stylelint commitlint'
      .split(' ')
      .map((name) => [name, configured(name)]),
  ),
};

/** @see NAMES, by each program. */
export const READS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(NAMES).flatMap(([programs, names]) =>
    programs.split(' ').map((program) => [program, names] as const),
  ),
);

const SCRIPTS = ['.js', '.mjs', '.cjs', '.ts', '/index.js', '/package.json'];
const MODULES = ['.py', '/__main__.py', '/__init__.py'];

/** Interpreters find files by less than their name. */
export const ENDINGS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ node: SCRIPTS, tsx: SCRIPTS, bun: SCRIPTS, python: MODULES, pypy: MODULES }),
);

/** Programs whose first operand is a file that they run. */
export const RUNS_FILE: ReadonlySet<string> = new Set(
  'bash sh zsh dash ksh mksh ash fish csh tcsh source . node nodejs tsx ts-node python pypy perl ruby php lua luajit rscript julia elixir groovy tclsh osascript pwsh powershell'.split(
    ' ',
  ),
);

/** The name that the tables know: `python3.12`, `pip3`, `gradlew.bat`. */
export const plainName = (program: string): string =>
  program
    .slice(program.lastIndexOf('/') + 1)
    .replace(/\.(bat|cmd|exe)$/iu, '')
    .replace(/(?<=[a-z])[\d.]+$/u, '');
