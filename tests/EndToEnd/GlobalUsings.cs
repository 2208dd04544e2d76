global using Inspection.EndToEnd.Tests.Harness;
global using Xunit;
