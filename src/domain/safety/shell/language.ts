/** Languages of code that an interpreter runs; `rare` and `any` stand for those that nobody reads closely. */
export type Language = 'python' | 'javascript' | 'perl' | 'ruby' | 'php' | 'other' | 'rare' | 'any';
