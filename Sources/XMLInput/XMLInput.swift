// XMLInput
