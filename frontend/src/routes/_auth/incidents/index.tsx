import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { IncidentsPage } from '~/features/alerts/IncidentsPage';

export const Route = createFileRoute('/_auth/incidents/')({
  validateSearch: v.object({
    state: v.fallback(v.optional(v.picklist(['RECOVERED', 'REMOVED', 'ALL'])), undefined),
  }),
  component: function IncidentsRoute() {
    const { state } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <IncidentsPage
        state={state ?? 'OPEN'}
        onState={(next) => navigate({ search: next === 'OPEN' ? {} : { state: next }, replace: true })}
      />
    );
  },
});
