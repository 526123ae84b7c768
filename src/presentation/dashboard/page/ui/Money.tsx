import { moneyText } from './format.ts';

/** An amount in US dollars. */
export const Money = ({ usd }: { readonly usd: number }) => <span class="number">{moneyText(usd)}</span>;
