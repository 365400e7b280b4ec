import { type ComponentProps, type ReactNode, useId } from 'react';
import css from './Field.module.css';
import { Icon } from './Icon';
import { Mark } from './Status';

type Frame = { label: string; hint?: ReactNode; error?: ReactNode };
type Wiring = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined };

/** Label above, hint and error below, all three tied to the control for those who do not see them. */
function Labelled({ label, hint, error, control }: Frame & { control: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      {control({ id, 'aria-describedby': notes || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <span className={css.hint} id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span className={css.error} id={`${id}-error`}>
          <Mark name="critical" />
          <span>{error}</span>
        </span>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, mono, ...rest }: Frame & ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      control={(wiring) => <input {...rest} {...wiring} className={`${css.input} ${mono ? css.mono : ''}`} />}
    />
  );
}

export function TextAreaField({ label, hint, error, ...rest }: Frame & ComponentProps<'textarea'>) {
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      control={(wiring) => <textarea {...rest} {...wiring} className={`${css.input} ${css.area}`} />}
    />
  );
}

export function SelectField({ label, hint, error, children, ...rest }: Frame & ComponentProps<'select'>) {
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      control={(wiring) => (
        <Pick {...rest} {...wiring}>
          {children}
        </Pick>
      )}
    />
  );
}

/** The platform's own list, in our clothes: it is right on every phone and for every reader. */
export function Pick({ className = '', ...rest }: ComponentProps<'select'>) {
  return (
    <span className={`${css.pick} ${className}`}>
      <select {...rest} className={css.input} />
      <Icon name="chevron" small />
    </span>
  );
}

export function Check({ label, ...rest }: { label: string } & ComponentProps<'input'>) {
  return (
    <label className={css.check}>
      <input type="checkbox" {...rest} />
      {label}
    </label>
  );
}

/** What a whole form was refused for. */
export function FormError({ children }: { children: ReactNode }) {
  if (!children) return null;
  return (
    <p className={css.error} role="alert">
      <Mark name="critical" />
      <span>{children}</span>
    </p>
  );
}
