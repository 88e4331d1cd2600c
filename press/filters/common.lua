-- What both filters share: kinds of labels, placeholders, reports of problems, text of a format.
local M = {}

M.html = FORMAT:match 'html' ~= nil
M.typst = FORMAT == 'typst'
-- Neither: a tree that goes on to be a manuscript. A placeholder in it is text.
M.tree = FORMAT == 'json'
local kinds = {fig = true, tbl = true, eq = true, sec = true}

-- Placeholders for what a single chapter cannot know. `crossref.py` replaces them: the number of the
-- chapter, the list of references, and what `facts.placeholders[n]` describes.
M.number = 'pressXnumberX'
M.references = 'pressXreferencesX'
function M.placeholder(n) return 'pressXplaceholder' .. n .. 'X' end

-- The kind of a label (`fig-x` -> `fig`), nil for anything else, such as a citation key.
function M.kind(id)
  local kind = id:match '^(%a+)%-'
  return kinds[kind] and kind or nil
end

-- The words that are put in, in the document's language; `words.py` has them.
M.words = {}
function M.read_words(meta)
  local text = pandoc.utils.stringify(meta['press-words'] or '')
  if text ~= '' then M.words = pandoc.json.decode(text) end
end

function M.has(element, class) return element.classes:includes(class) end

-- Report a problem, as a line that `pandoc.py` reads: it stops the render. `findings.py` looks for
-- the place in the chapters.
function M.problem(kind, what, chapter)
  io.stderr:write('press\t' .. kind .. '\t' .. what .. '\t' .. (chapter or '') .. '\n')
end

function M.raw(text) return pandoc.RawBlock(M.html and 'html' or 'typst', text) end
-- A placeholder for text. In Typst it stands inside a string.
function M.rawtext(text)
  if M.tree then return pandoc.Str(text) end
  return M.html and pandoc.RawInline('html', text) or pandoc.RawInline('typst', '#"' .. text .. '";')
end
function M.rawinline(text) return pandoc.RawInline(M.html and 'html' or 'typst', text) end

-- A Typst string literal.
function M.quoted(text) return '"' .. text:gsub('[\\"]', '\\%0'):gsub('\n', ' ') .. '"' end

-- Text for an HTML attribute or element.
function M.escaped(text)
  return (text:gsub('[&<>"]', {['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;'}))
end

-- The properties of an inline style, by name; the last counts where one is set twice. Cells of a table
-- have few styles and are asked often.
local read = {}
local function properties(style)
  local found = read[style]
  if not found then
    found = {}
    for name, value in style:gmatch '([%w-]+)%s*:([^;]*)' do
      found[name:lower()] = value:gsub('%s*!important', ''):gsub('^%s+', ''):gsub('%s+$', '')
    end
    read[style] = found
  end
  return found
end

-- One property of an inline style, '' when it is not set.
function M.css(style, property) return properties(style or '')[property] or '' end

return M
