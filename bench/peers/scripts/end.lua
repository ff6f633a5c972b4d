-- Ends a call and gives its slot to the call that is next. An ended id is remembered for ten minutes.
--
-- KEYS  1 the organisation's hash      2 the call      3 the organisation's queue; see start.lua. The keys of the class's
--       queue and of the next call are made of these, and share their hash tag.
-- ARGV  1 the call's id
-- Answers ended, also if it was ended before; unknown if there is no such call. Then its start, if it comes within a minute, ends it.
local org, call, queue = KEYS[1], KEYS[2], KEYS[3]
local id = ARGV[1]
local REMEMBERED_MS, EARLY_MS = 600000, 60000

local known = redis.call('GET', call)
if not known or known == 'early' then
  redis.call('SET', call, 'early', 'PX', EARLY_MS)
  return 'unknown'
end
local state, class = string.match(known, '^(%S+) (%S+)')
if state == 'ended' then
  return 'ended'
end
redis.call('SET', call, 'ended ' .. class, 'PX', REMEMBERED_MS)
if state == 'queued' then
  redis.call('ZREM', queue, id)
  redis.call('ZREM', queue .. ':' .. class, id)
  return 'ended'
end

-- The slot that comes free is a shared one if the class had more calls than reserved slots, and then the earliest of all
-- queued calls has it: their classes use all they have reserved, or they would not wait. A reserved slot is their own's.
local counts = redis.call('HMGET', org, 'reserved:' .. class, 'active:' .. class, 'shared_used')
local reserved, active, shared_used = tonumber(counts[1]), tonumber(counts[2]) - 1, tonumber(counts[3])
local is_shared = active >= reserved
local next = redis.call('ZRANGE', is_shared and queue or queue .. ':' .. class, 0, 0)[1]
shared_used = is_shared and not next and shared_used - 1 or shared_used
redis.call('HSET', org, 'active:' .. class, active, 'shared_used', shared_used)
if next then
  local next_call = org .. ':call:' .. next
  local next_class = string.match(redis.call('GET', next_call), '^%S+ (%S+)')
  redis.call('ZREM', queue, next)
  redis.call('ZREM', queue .. ':' .. next_class, next)
  redis.call('HINCRBY', org, 'active:' .. next_class, 1)
  redis.call('SET', next_call, 'active ' .. next_class)
  -- The client that waits for it listens here.
  redis.call('PUBLISH', org .. ':started', next)
end
return 'ended'
