import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { ChannelsPage } from '~/features/alerts/ChannelsPage';
import { Needs } from '~/features/auth/Needs';

export const Route = createFileRoute('/_auth/channels')({
  validateSearch: v.object({ edit: v.fallback(v.optional(v.string()), undefined) }),
  component: function ChannelsRoute() {
    const { edit } = Route.useSearch();
    const navigate = Route.useNavigate();
    return (
      <Needs right="CHANNELS_MANAGE">
        <ChannelsPage edit={edit} onEdit={(next) => navigate({ search: { edit: next } })} />
      </Needs>
    );
  },
});
