/** What the next task wants of its worker. */
export type Wanted = { readonly model: string | undefined; readonly budgetUsd: number | undefined };
