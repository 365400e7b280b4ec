import { createFileRoute } from '@tanstack/react-router';
import * as v from 'valibot';
import { ChannelsPage } from '~/features/alerts/ChannelsPage';
import { requireRight } from '~/features/auth/session';

export const Route = createFileRoute('/_auth/channels')({
  beforeLoad: ({ context }) => requireRight(context.queryClient, 'CHANNELS_MANAGE'),
  validateSearch: v.object({ edit: v.fallback(v.optional(v.string()), undefined) }),
  component: function ChannelsRoute() {
    const { edit } = Route.useSearch();
    const navigate = Route.useNavigate();
    return <ChannelsPage edit={edit} onEdit={(next) => navigate({ search: { edit: next } })} />;
  },
});
