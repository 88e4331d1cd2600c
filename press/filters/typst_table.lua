-- A Pandoc table as a Typst table. great_tables has no Typst output, so its HTML was read back;
-- what Pandoc keeps only as attributes (alignment, fills, weights, group rows, spanner rules,
-- footnote marks, notes) is restored here.
local common = require 'common'
local colours = require 'colours'
local looks = require 'looks'
local css = common.css
local M = {}

-- The letters of a word for which a narrow column has room.
local SHORT = 9
local ALIGN = {AlignLeft = 'left', AlignRight = 'right', AlignCenter = 'center'}

local function raw(text) return pandoc.RawInline('typst', text) end

local function stroke(style)
  local sides = {}
  for _, side in ipairs{'top', 'bottom', 'left', 'right'} do
    local border = css(style, 'border-' .. side)
    if border == '' then border = css(style, 'border') end
    local width, kind, colour = border:match '^([%d.]+)px%s+(%a+)%s*(.*)$'
    if width and tonumber(width) > 0 and kind ~= 'none' and kind ~= 'hidden' then
      sides[#sides + 1] = side .. ': ' .. tonumber(width) * 0.5 .. 'pt + rgb("'
        .. (colours.hex(colour) or '#000000') .. '")'
    end
  end
  return #sides > 0 and '(' .. table.concat(sides, ', ') .. ')' or nil
end

local ROMAN = {{'m', 1000}, {'cm', 900}, {'d', 500}, {'cd', 400}, {'c', 100}, {'xc', 90}, {'l', 50},
  {'xl', 40}, {'x', 10}, {'ix', 9}, {'v', 5}, {'iv', 4}, {'i', 1}}

-- A number as a list counts.
local function numeral(n, style)
  if style:match 'Alpha' then
    local out = ''
    while n > 0 do
      out = string.char(97 + (n - 1) % 26) .. out
      n = (n - 1) // 26
    end
    return style:match '^Upper' and out:upper() or out
  elseif style:match 'Roman' then
    local out = ''
    for _, pair in ipairs(ROMAN) do
      while n >= pair[2] do out, n = out .. pair[1], n - pair[2] end
    end
    return style:match '^Upper' and out:upper() or out
  end
  return tostring(n)
end

-- The mark of an item, which no Typst may take for one of its own.
local function marked(list, n)
  local number = numeral(list.start + n - 1, list.style)
  if list.delimiter == 'OneParen' then return number .. ')' end
  if list.delimiter == 'TwoParens' then return '(' .. number .. ')' end
  return number .. '\\.'
end

-- The blocks of a cell as lines. A list has its marks written out, since lines are all there is.
local function lines(blocks, indent)
  local out = pandoc.List{}
  local function items(list, mark)
    for i, item in ipairs(list) do
      for j, line in ipairs(lines(item, indent .. '\u{2003}')) do
        if j == 1 then
          line = pandoc.Inlines{raw(indent .. mark(i)), pandoc.Str '\u{a0}'} .. line
        end
        out:insert(line)
      end
    end
  end
  for _, block in ipairs(blocks) do
    if block.t == 'BulletList' then items(block.content, function() return '\u{2022}' end)
    elseif block.t == 'OrderedList' then
      items(block.content, function(i) return marked(block, i) end)
    elseif block.t == 'CodeBlock' then
      for line in (block.text .. '\n'):gmatch '(.-)\n' do out:insert(pandoc.Inlines{pandoc.Code(line)}) end
    elseif block.t == 'LineBlock' then
      for _, line in ipairs(block.content) do out:insert(line) end
    elseif block.t == 'DefinitionList' then
      for _, entry in ipairs(block.content) do
        out:insert(pandoc.Inlines{pandoc.Strong(entry[1])})
        for _, definition in ipairs(entry[2]) do out:extend(lines(definition, indent .. '\u{2003}')) end
      end
    elseif block.t == 'Div' or block.t == 'BlockQuote' or block.t == 'Figure' then
      out:extend(lines(block.content, indent))
    elseif block.content then
      out:insert(block.content)
    else
      out:insert(pandoc.utils.blocks_to_inlines{block})
    end
  end
  return out
end

-- Whether a character is a letter: of ASCII, or beyond it no sign.
local function is_letter(code)
  if code < 0x80 then return string.char(code):match '%a' ~= nil end
  return code >= 0xC0 and code ~= 0xD7 and code ~= 0xF7 and (code < 0x2000 or code > 0x2BFF)
end

-- Whether a line may part a word: not a short one, for which a narrow column has room, and not a
-- name in capitals.
local function may_part(word)
  return utf8.len(word) > SHORT and not word:match '%u%u'
end

-- A text as inlines in which the words that a line may part are marked; nil where none is.
local function with_parted_words(str)
  local text = str.text
  if #text <= SHORT then return nil end
  local out, from, begins = pandoc.Inlines{}, 1, nil
  local function close(at)
    local word = begins and text:sub(begins, at - 1)
    if word and may_part(word) then
      if begins > from then out:insert(pandoc.Str(text:sub(from, begins - 1))) end
      out:extend{raw '#parted[', pandoc.Str(word), raw '];'}
      -- else it were a minus sign before a digit
      if text:sub(at, at) == '-' then out:insert(raw '\\') end
      from = at
    end
    begins = nil
  end
  for at, code in utf8.codes(text) do
    if not is_letter(code) then close(at) else begins = begins or at end
  end
  close(#text + 1)
  if from == 1 then return nil end
  if from <= #text then out:insert(pandoc.Str(text:sub(from))) end
  return out
end

-- Whether a text may have a word that a line may part.
local function has_long_word(text)
  for word in text:gmatch '[%a\128-\255]+' do
    if #word > SHORT then return true end
  end
  return false
end

-- What is in a cell, as inlines. `parted`: its long words may be.
local function content(cell, bold, style, parted)
  local inlines = pandoc.Inlines{}
  for i, line in ipairs(lines(cell.contents, '')) do
    if i > 1 then inlines:insert(pandoc.LineBreak()) end
    inlines:extend(line)
  end
  if parted then inlines = inlines:walk{Str = with_parted_words} end
  local settings = looks.text(style:gsub('font%-size:[^;]*', ''))
  if bold and not settings:includes 'weight: "bold"' then settings:insert 'weight: "bold"' end
  local opening = looks.lines(style)
  if #settings > 0 then opening:insert('#text(' .. table.concat(settings, ', ') .. ')[') end
  if #opening > 0 then
    inlines:insert(1, raw(table.concat(opening)))
    inlines:insert(raw(string.rep('];', #opening)))
  end
  return inlines
end

local function alignment(cell, style, classes, default)
  local align = css(style, 'text-align')
  if align == '' then
    align = ALIGN[cell.alignment] or classes:match 'gt_(right)' or classes:match 'gt_(left)'
      or classes:match 'gt_(center)' or default or ''
  end
  return align ~= '' and align or nil
end

-- The cell as inlines, ending in a comma. `role`: head, body or group.
local function typst_cell(cell, role, column, parted)
  local attributes = cell.attr
  local style = attributes.attributes.style or ''
  local classes = table.concat(attributes.classes, ' ')
  local group = classes:match 'group_heading' ~= nil
  local arguments = {}
  local function add(name, value) if value then arguments[#arguments + 1] = name .. ': ' .. value end end
  add('colspan', cell.col_span > 1 and cell.col_span or nil)
  add('rowspan', cell.row_span > 1 and cell.row_span or nil)
  local fill = looks.fill(style)
  if fill then add('fill', 'rgb("' .. fill .. '")') elseif group then add('fill', 'group-fill') end
  local align = group and 'left' or alignment(cell, style, classes, column)
  local valign = role == 'head' and 'bottom' or css(style, 'vertical-align') == 'middle' and 'horizon' or 'top'
  add('align', align and align .. ' + ' .. valign or valign)
  local spanner = classes:match 'gt_column_spanner' and pandoc.utils.stringify(cell.contents) ~= ''
  if spanner then add('stroke', '(bottom: 0.5pt + rule-colour)') else add('stroke', stroke(style)) end
  local weight = css(style, 'font-weight')
  local bold = weight == 'bold' or (tonumber(weight) or 0) >= 600 or group or role == 'head'
  local out = pandoc.Inlines{raw('table.cell(' .. table.concat(arguments, ', ') .. ')[')}
  out:extend(content(cell, bold, style, parted))
  out:insert(raw '], ')
  return out
end

-- What the page has for a table, in points, and how small its letters may become.
local WIDTH, LANDSCAPE, SMALLEST = 464, 711, 4.8
-- About how wide a letter is, in sizes.
local LETTER = 0.5

-- The letters of the longest word in a text of many elements, or more: it may have several side by side.
local function at_most(text)
  local length = 0
  for word in text:gmatch '[^%s\u{200b}/-]+' do
    if #word > length then length = math.max(length, utf8.len(word) or #word) end
  end
  return length
end

-- The letters of the longest word of a cell, which no line breaks, and that word. `hyphenated`: words
-- of letters alone are.
local function longest(blocks, hyphenated)
  local length, found = 0, ''
  local function look(inline)
    for word in inline.text:gmatch '[^%s\u{200b}/-]+' do
      local letters = utf8.len(word) or #word
      if hyphenated and word:match '^%a+$' and may_part(word) then letters = SHORT end
      if letters > length then length, found = letters, word end
    end
  end
  pandoc.Blocks(blocks):walk{Str = look, Code = look}
  return length, found
end

-- The sizes with which a table of so many columns is set (`book.typ`): letters, and space beside them.
local function usual(columns)
  if columns <= 4 then return 9, 5 elseif columns <= 6 then return 8.5, 5
  elseif columns <= 8 then return 8, 4 end
  return 7.2, 3
end

-- How wide a table may be.
local function room(t) return t.attributes.landscape and LANDSCAPE or WIDTH end

-- Letters and space with which the words of a table do not run into each other; nil where the usual
-- ones do not let them. And the letters of the longest word of each column.
local function fitting(t, rows)
  local columns, letters, widest, most = #t.colspecs, {}, '', 0
  for _, row in ipairs(rows) do
    local spans = 0
    for _, cell in ipairs(row.cells) do spans = spans + cell.col_span end
    if spans == columns and #row.cells == columns then
      for i, cell in ipairs(row.cells) do
        letters[i] = letters[i] or 0
        -- to look at each element takes long, and few cells have longer words than those before
        if at_most(row.texts[i]) > letters[i] then
          local length, word = longest(cell.contents, columns > 5)
          letters[i] = math.max(letters[i], length)
          if length > most then most, widest = length, word end
        end
      end
    end
  end
  local sum = 0
  for _, length in pairs(letters) do sum = sum + length end
  local width = room(t)
  local size, pad = usual(columns)
  if sum * LETTER * size + 2 * pad * columns <= width then return nil, nil, letters end
  local smaller = (width - 3 * columns) / (sum * LETTER)
  if smaller < SMALLEST then common.problem('wide', widest, '') end
  return math.min(size, smaller), 1.5, letters
end

-- Columns as wide as an author has them, but none narrower than its longest word.
local function widths(t, size, pad, letters)
  local columns, narrow, total = {}, {}, 0
  for i, spec in ipairs(t.colspecs) do
    local share = type(spec[2]) == 'number' and spec[2] or 0
    columns[i] = share > 0 and share or nil
    total = total + share
  end
  local left, changed = room(t), true
  while changed do
    changed = false
    for i, share in pairs(columns) do
      local needed = (letters[i] or 0) * LETTER * size + 2 * pad
      if not narrow[i] and share / total * left < needed then
        narrow[i], left, total, changed = needed, left - needed, total - share, true
      end
    end
  end
  for i = 1, #t.colspecs do
    local points = narrow[i] or columns[i] and columns[i] / total * left
    columns[i] = points and string.format('%.4gfr', points) or 'auto'
  end
  return columns
end

-- A table up to this height, in points (9 cm), is not broken over pages (`book.typ`).
local WHOLE = 255
-- Letters at their narrowest, a line alone and from it to the next, in sizes; the space of a row.
local NARROW, ALONE, LINE, ROW = 0.4, 0.6, 1.1, 6.8

-- Whether a table is surely higher than that, so that Typst need not measure it.
local function surely_long(rows, columns, size, pad)
  local height = 0
  for _, row in ipairs(rows) do
    local more = 0
    for i in ipairs(#row.cells == #columns and row.cells or {}) do
      local points = tonumber(columns[i]:match '^([%d.]+)fr$')
      if points then
        local letters = utf8.len(row.texts[i])
        more = math.max(more, letters * NARROW * size // (points - 2 * pad) - 1)
      end
    end
    height = height + ROW + (ALONE + more * LINE) * size
  end
  return height > WHOLE
end

local function has_class(cell, pattern)
  return cell and table.concat(cell.attr.classes, ' '):match(pattern) ~= nil
end

-- Rows with what is asked of them again and again: their cells, the texts of these, and what they are.
local function described(rows)
  return rows:map(function(row)
    local cells, texts = row.cells, {}
    for i, cell in ipairs(cells) do texts[i] = pandoc.utils.stringify(cell.contents) end
    return {cells = cells, texts = texts, is_note = has_class(cells[1], 'gt_%a*note'),
      is_group = #cells == 1 and has_class(cells[1], 'group_heading')}
  end)
end

-- Whether cells hold a link or what becomes one (a reference, citation or note), which PDF/UA allows in
-- no copy of a head.
local function linked(cells)
  local found = false
  local function find() found = true end
  cells:walk{Link = find, Note = find, RawInline = function(r)
    found = found or r.text:match '#link%(' ~= nil or r.text:match 'pressXplaceholder' ~= nil
  end}
  return found
end

function M.convert(t)
  local defaults, hyphenated = {}, #t.colspecs > 5
  for i, spec in ipairs(t.colspecs) do defaults[i] = ALIGN[spec[1]] end
  local head, body, notes = pandoc.Inlines{}, pandoc.Inlines{}, pandoc.Inlines{}
  local function add(list, role, into)
    for _, row in ipairs(list) do
      local cells = pandoc.Inlines{}
      for i, cell in ipairs(row.cells) do
        local parted = hyphenated and has_long_word(row.texts[i])
        if row.is_note then
          notes:insert(raw '[')
          notes:extend(content(cell, false, '', parted))
          notes:insert(raw '], ')
        else
          cells:extend(typst_cell(cell, role, defaults[i], parted))
        end
      end
      -- A group heading is a header of its rows: not left alone at the foot of a page, and repeated
      -- with the rows that follow on the next.
      local group = role ~= 'head' and row.is_group and not row.is_note
      if group then
        into:insert(raw('table.header(level: 2, ' .. (linked(cells) and 'repeat: false, ' or '')))
      end
      into:extend(cells)
      if group then into:insert(raw '), ') end
    end
  end
  local top, inside, foot = described(t.head.rows), pandoc.List{}, described(t.foot.rows)
  for _, part in ipairs(t.bodies) do
    inside:extend(described(part.head))
    inside:extend(described(part.body))
  end
  local every = top .. inside
  local usual_size, usual_pad = usual(#t.colspecs)
  local smaller, tighter, letters = fitting(t, every)
  local size, pad = smaller or usual_size, tighter or usual_pad
  local columns = widths(t, size, pad, letters)
  add(top, 'head', head)
  add(inside, 'body', body)
  add(foot, 'body', body)
  local out = pandoc.Inlines{raw('#data-table((' .. table.concat(columns, ', ') .. ',), (')}
  out:extend(head)
  out:insert(raw '), (')
  out:extend(body)
  out:insert(raw '), (')
  out:extend(notes)
  out:insert(raw ')')
  if smaller then out:insert(raw(string.format(', size: %.2fpt, pad: %.1fpt', size, pad))) end
  if linked(head) then out:insert(raw ', repeated: false') end
  if surely_long(every, columns, size, pad) then out:insert(raw ', long: true') end
  out:insert(raw ')')
  local blocks = pandoc.Blocks{pandoc.Plain(out)}
  if #t.caption.long > 0 then
    blocks:insert(1, pandoc.RawBlock('typst', '#table-title['))
    blocks:insert(2, pandoc.Plain(pandoc.utils.blocks_to_inlines(t.caption.long)))
    blocks:insert(3, pandoc.RawBlock('typst', ']'))
  end
  return blocks
end

return M
