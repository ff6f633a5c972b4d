-- Starts a call, or tells how it stands if its id is known.
--
-- KEYS  1 the organisation's hash: shared, shared_used, last_ticket; reserved:CLASS and active:CLASS for each class
--       2 the call: "STATE CLASS", or "early" if its end came before its start
--       3 the organisation's queue: ids by ticket      4 the queue of the call's class, likewise
-- ARGV  1 the class      2 the call's id
-- Answers active, queued or ended; unknown without such a class; conflict if the id belongs to another class.
local org, call, queue, class_queue = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local class, id = ARGV[1], ARGV[2]
local REMEMBERED_MS = 600000

local known = redis.call('GET', call)
if known and known ~= 'early' then
  local state, its_class = string.match(known, '^(%S+) (%S+)')
  return its_class == class and state or 'conflict'
end

local counts = redis.call('HMGET', org, 'reserved:' .. class, 'active:' .. class, 'shared', 'shared_used')
local reserved, active = tonumber(counts[1]), tonumber(counts[2])
local shared, shared_used = tonumber(counts[3]), tonumber(counts[4])
if not reserved then
  return 'unknown'
end
if known then
  redis.call('SET', call, 'ended ' .. class, 'PX', REMEMBERED_MS)
  return 'ended'
end

-- A class uses its reserved slots first, and then the shared ones. At rest no queued call can have either, so this one
-- overtakes nobody.
local is_shared = active >= reserved
if not is_shared or shared_used < shared then
  shared_used = is_shared and shared_used + 1 or shared_used
  redis.call('HSET', org, 'active:' .. class, active + 1, 'shared_used', shared_used)
  redis.call('SET', call, 'active ' .. class)
  return 'active'
end

local ticket = redis.call('HINCRBY', org, 'last_ticket', 1)
redis.call('ZADD', queue, ticket, id)
redis.call('ZADD', class_queue, ticket, id)
redis.call('SET', call, 'queued ' .. class)
return 'queued'
