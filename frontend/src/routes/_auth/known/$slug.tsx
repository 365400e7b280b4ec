import { createFileRoute } from '@tanstack/react-router';
import { KnownStory } from '~/features/known/KnownStory';

export const Route = createFileRoute('/_auth/known/$slug')({
  component: function KnownStoryRoute() {
    const { slug } = Route.useParams();
    return <KnownStory slug={slug} key={slug} />;
  },
});
