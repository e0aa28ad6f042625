-- Gives a function that runs a script in an environment of its own, within limits. The environment is a new table. The
-- metatable of texts is emptied, so that ("x"):rep(1e9) finds nothing unless the script has the library of texts.
local loadstring, setfenv, sethook, clock, step = loadstring, setfenv, debug.sethook, os.clock, 100
local pcall, error, type, pairs = pcall, error, type, pairs
local string_library, math_library = string, math
if jit then jit.off() end  -- compiled code calls no hook

local spent  -- why the script must end

-- A script may catch its own faults, but not the end of its allowance.
local function passed_on(...)
  if spent then error(spent, 0) end
  return ...
end

-- The place of a table in memory is no part of its text, so that equal runs say the same.
local addressed = {table = true, ["function"] = true, userdata = true, thread = true}
local tostring = tostring
local function text(value)
  local own = getmetatable(value)
  if type(own) == "table" and type(value) == "table" and rawget(own, "__tostring") then return tostring(value) end
  return addressed[type(value)] and type(value) .. ": 0x0" or tostring(value)
end

local base = {
  assert = assert, error = error, getmetatable = getmetatable, ipairs = ipairs, next = next, pairs = pairs,
  rawequal = rawequal, rawget = rawget, rawset = rawset, select = select, setmetatable = setmetatable,
  tonumber = tonumber, tostring = text, type = type, unpack = unpack,
  pcall = function(...) return passed_on(pcall(...)) end,
  -- The handler runs after the fault, where the limits hold: no hook is called while an error is on its way.
  xpcall = function(called, handler, ...)
    local function handled(done, ...)
      if done then return done, ... end
      return false, handler(...)
    end
    return handled(passed_on(pcall(called, ...)))
  end,
  print = function() end,
}

local function whole(fields, name, default)
  local value = fields[name]
  return type(value) == "number" and math_library.floor(value) or default
end

-- The clock is given: `read` returns the seconds of a date, or of now; `written` a moment as text, or its fields.
local function clock_functions(read, written)
  local found, untold = {}, "there is no such time, or the script has no clock"
  function found.time(fields)
    if fields == nil then return read() or error(untold, 2) end
    if type(fields) ~= "table" then error("bad argument #1 to time (table expected, got " .. type(fields) .. ")", 2) end
    return read(whole(fields, "year", -1), whole(fields, "month", -1), whole(fields, "day", -1),
                whole(fields, "hour", 12), whole(fields, "min", 0), whole(fields, "sec", 0)) or error(untold, 2)
  end
  function found.date(format, moment)
    format = string_library.gsub(tostring(format or "%c"), "^!+", "")
    if moment ~= nil and type(moment) ~= "number" then error("bad argument #2 to date (number expected)", 2) end
    if string_library.sub(format, 1, 2) ~= "*t" then return written(format, moment) or error(untold, 2) end
    local year, month, day, hour, min, sec, wday = written(nil, moment)
    if not year then error(untold, 2) end
    return {year = year, month = month, day = day, hour = hour, min = min, sec = sec, wday = wday, yday = 0, isdst = false}
  end
  return found
end

local function copied(library, names)
  local found = {}
  for name in string_library.gmatch(names, "%a+") do found[name] = library[name] end
  return found
end

local tables = "concat foreach foreachi getn insert maxn remove sort"
local texts = "byte char format len lower rep reverse sub upper"
local numbers = "abs acos asin atan ceil cos cosh deg exp floor fmod frexp huge ldexp log max min mod modf pi pow rad sin " ..
  "sinh sqrt tan tanh"

local function environment(obj, times, patterns)
  local env = {obj = obj, table = copied(table, tables)}
  for name, value in pairs(base) do env[name] = value end
  env._G = env
  env.table.time, env.table.date = times.time, times.date
  env.require = function(name)
    if name == "os" then return {time = times.time, date = times.date} end
    if env[name] and type(env[name]) == "table" and name ~= "obj" then return env[name] end
    error("module " .. tostring(name) .. " not found", 2)
  end
  local methods = getmetatable("")
  methods.__index = {}
  if patterns then
    env.os = {time = times.time, date = times.date}
    env.math = copied(math_library, numbers)
    env.string = copied(string_library, texts)
    for name, value in pairs(patterns) do env.string[name] = value end
    methods.__index = env.string
  end
  return env
end

return function(source, name, obj, read, written, patterns, instructions, seconds)
  if string_library.byte(source, 1) == 27 then return nil, "the script is compiled code", false end
  local chunk, problem = loadstring(source, name)
  if not chunk then return nil, problem, false end
  setfenv(chunk, environment(obj, clock_functions(read, written), patterns))
  local ends = clock() + seconds
  sethook(function()
    instructions = instructions - step
    if instructions < 0 then spent = "instruction limit reached" end
    if clock() > ends then spent = "time limit reached" end
    if spent then error(spent, 0) end
  end, "", step)
  local done, result = pcall(chunk)
  sethook()
  if spent then return nil, spent, true end
  if done and (result == nil or type(result) == "table") then return result, nil, false end
  if done then return nil, "expect table output from Lua script, not " .. type(result), false end
  return nil, type(result) == "string" and result or "the script failed with a " .. type(result), false
end
