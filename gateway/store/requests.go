package store

import "context"

// requestsKey has what waits for a second person, or has been decided by one.
const requestsKey = "{launches}:requests"

// Requests reads all requests, by id.
func (s *Store) Requests(ctx context.Context) (map[string]string, error) {
	v, err := s.rdb.HGetAll(ctx, requestsKey).Result()
	if err != nil {
		return nil, unavailable("reading what waits for a second person", err)
	}
	return v, nil
}

// SwapRequest replaces a request if it is still the one that was read (empty: there was none), and reports false where
// somebody else was first.
func (s *Store) SwapRequest(ctx context.Context, id, old, fresh string) (bool, error) {
	n, err := s.scripts.swap.Run(ctx, s.rdb, []string{requestsKey}, id, old, fresh).Int()
	if err != nil {
		return false, unavailable("writing what waits for a second person", err)
	}
	return n == 1, nil
}

// DropRequests forgets requests.
func (s *Store) DropRequests(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := s.rdb.HDel(ctx, requestsKey, ids...).Err(); err != nil {
		return unavailable("forgetting requests", err)
	}
	return nil
}
