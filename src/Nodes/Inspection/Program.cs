using Inspection.Commands;

return await CommandTree.RunAsync(args);
