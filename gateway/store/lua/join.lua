-- Say that a replica lives, and list those that do. Each is taken for dead at its score, by Redis's clock.
-- KEYS: replicas. ARGV: owner, TTL in ms.
-- Returns {1 where it was not among them, else 0; the time now in ms; {owner, score, owner, score, ...}}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
local new = redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
return {new, string.format('%.0f', now), redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')}
