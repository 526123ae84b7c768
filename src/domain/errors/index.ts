export * from './api.ts';
export * from './base.ts';
export * from './configuration.ts';
export * from './internal.ts';
export * from './resource.ts';
export * from './safety.ts';
export * from './task.ts';
export * from './worker.ts';
