import { useId } from 'preact/hooks';

type TextFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  /** Rows of a text area; without them it is one line. */
  readonly rows?: number;
  readonly isCode?: boolean;
  readonly isNumber?: boolean;
  readonly list?: string;
};

/** A labelled field with its hint and what is wrong with it. */
export const TextField = (props: TextFieldProps) => {
  const { label, value, onChange, hint, problem, placeholder, rows, isCode, isNumber, list } = props;
  const id = useId();
  const shared = {
    id,
    class: `input ${isCode ? 'mono' : ''}`,
    value,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange(event.currentTarget.value),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(problem === undefined ? {} : { 'aria-invalid': true }),
    ...(hint === undefined && problem === undefined ? {} : { 'aria-describedby': `${id}-more` }),
    ...(isCode ? { spellcheck: false, autocapitalize: 'off' as const } : {}),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows === undefined ? (
        <input
          type="text"
          autocomplete="off"
          {...(isNumber ? { inputMode: 'decimal' as const } : {})}
          {...(list === undefined ? {} : { list })}
          {...shared}
        />
      ) : (
        <textarea rows={rows} {...shared} />
      )}
      {hint === undefined && problem === undefined ? null : (
        <span id={`${id}-more`} class={problem === undefined ? 'hint' : 'field-problem'}>
          {problem ?? hint}
        </span>
      )}
    </div>
  );
};
