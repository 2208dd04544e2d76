global using Inspection.EndToEnd.Tests.Harness;
global using Inspection.Tests.Support;
global using Xunit;
