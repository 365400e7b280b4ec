import { Link } from '@tanstack/react-router';
import { useI18n } from '~/locales';
import { Mono } from '~/ui/Mono';
import { Status } from '~/ui/Status';
import { Time } from '~/ui/Time';
import css from './AuditPage.module.css';
import type { AuditLine } from './audit';

export function AuditTable({ lines }: { lines: AuditLine[] }) {
  const { t } = useI18n();
  const { columns } = t.audit;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: as a grid on a phone the table would lose its meaning
    <table className={css.events} role="table">
      <thead>
        <tr>
          <th scope="col">{columns.at}</th>
          <th scope="col">{columns.actor}</th>
          <th scope="col">{columns.action}</th>
          <th scope="col">{columns.target}</th>
          <th scope="col">{columns.detail}</th>
          <th scope="col">{columns.address}</th>
        </tr>
      </thead>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tbody role="rowgroup">
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ line }: { line: AuditLine }) {
  const { t } = useI18n();
  const a = t.audit;
  const said = a.actions[line.action];
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <tr role="row">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.at}>
        <Time at={line.at} kind="when" />
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.actor}>
        {line.actorUser ? (
          <Link to="/people/$id" params={{ id: line.actorUser.id }}>
            {line.actor}
          </Link>
        ) : (
          (line.actor ?? <span className={css.faint}>{a.nobody}</span>)
        )}
        {line.token && <small> {a.byToken(line.token)}</small>}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.action}>
        {line.outcome === 'DENIED' ? <Status tone="critical">{a.denied(said)}</Status> : said}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.target} title={line.target ?? undefined}>
        {line.target}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.detail} title={line.detail ?? undefined}>
        {line.detail && <Mono>{line.detail}</Mono>}
      </td>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <td role="cell" className={css.address}>
        <Mono>{line.address}</Mono>
      </td>
    </tr>
  );
}
