"""Language: text in, values out. Knows no issue, no database; imports jieba and nothing of ours."""
