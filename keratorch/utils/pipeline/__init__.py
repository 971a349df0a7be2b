"""The steps of a `Dataset`, by what they do with its elements.

`sources` make datasets of arrays, generators and files; `steps` call functions of a
user; `order` chooses elements and mixes them; `batching` stacks them and cuts windows;
`grouping` sorts them into groups, and `blending` draws from several datasets.
"""
