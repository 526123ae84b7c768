const rooms = (from, allowed, comment) => ({
  name: `${from}-looks-inward`,
  comment,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: allowed.map((room) => `^src/${room}/`) },
});

/** The four rooms, and which packages each may know. */
module.exports = {
  forbidden: [
    rooms('domain', ['domain'], 'Rules know nothing but rules.'),
    rooms('application', ['application', 'domain'], 'Use cases talk to ports only.'),
    rooms('infrastructure', ['infrastructure', 'application', 'domain'], 'Adapters know ports, not faces.'),
    rooms('presentation', ['presentation', 'application', 'domain'], 'Faces call use cases, never adapters.'),
    {
      name: 'domain-packages',
      comment: 'No I/O in the rules: only the schema library and the shell grammar.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: ['node_modules/(zod|unbash)/', '^(node:)?path(/posix)?$'],
      },
    },
    {
      name: 'application-packages',
      comment: 'Pure libraries only; path arithmetic is no I/O.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: ['node_modules/(zod|cockatiel|p-queue|lru-cache)/', '^(node:)?(path|crypto)$'],
      },
    },
    {
      name: 'adapters-are-strangers',
      comment: 'An adapter may use infrastructure/process; it never imports another adapter.',
      severity: 'error',
      from: { path: '^src/infrastructure/([^/]+)/' },
      to: {
        path: '^src/infrastructure/',
        pathNot: ['^src/infrastructure/$1/', '^src/infrastructure/process/'],
      },
    },
    {
      name: 'one-composition-root',
      comment: 'Only src/main.ts and what it composes with know every room.',
      severity: 'error',
      from: { path: '^src/(?!main\\.ts|compose)' },
      to: { path: '^src/(main|compose)' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-dev-packages-in-product',
      comment: 'The pages are bundled: what it is made of need not be installed beside the product.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/presentation/dashboard/(page|app)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no API that this tool can parse with.
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
