-- How a user wants the pages: light or dark, else as the system has it; and 'off' where single keys are to do nothing.
ALTER TABLE users ADD COLUMN theme TEXT;
ALTER TABLE users ADD COLUMN single_keys TEXT;
