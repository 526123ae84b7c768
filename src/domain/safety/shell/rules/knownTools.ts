/**
 * Packages that launchers fetch every day under the name of their command. Any other name that is fetched and
 * run without a question may be a stranger's, or a slip of the keyboard.
 */
export const KNOWN_TOOLS: ReadonlySet<string> = new Set(
  'typescript tsc tsx ts-node tsup eslint prettier @biomejs/biome biome oxlint vitest jest mocha playwright @playwright/test cypress vite rollup esbuild webpack parcel turbo nx lerna rimraf del-cli trash-cli degit tiged shadcn shadcn-ui create-vite create-next-app create-react-app create-remix create-astro create-svelte sv nuxi @angular/cli @vue/cli @nestjs/cli expo storybook prisma drizzle-kit knex sequelize-cli typeorm wrangler vercel netlify-cli firebase-tools serverless cdk aws-cdk serve http-server json-server live-server nodemon concurrently cross-env npm-run-all npm-check-updates ncu npm-check depcheck knip madge dependency-cruiser sort-package-json publint license-checker husky lint-staged commitlint @commitlint/cli semantic-release @changesets/cli changeset typedoc tsd c8 nyc markdownlint-cli markdownlint-cli2 cspell stylelint svgo tailwindcss @tailwindcss/cli postcss-cli sass pm2 node-gyp pyright @redocly/cli @openapitools/openapi-generator-cli openapi-typescript wait-on kill-port envinfo @modelcontextprotocol/inspector ruff black mypy pytest isort flake8 pylint pre-commit poetry pdm hatch tox nox uv pip-audit bandit cookiecutter copier mkdocs sphinx twine httpie build virtualenv pipenv ipython jupyter jupyterlab yamllint ansible-lint codespell vulture radon djlint sqlfluff towncrier maturin cibuildwheel'.split(
    ' ',
  ),
);
